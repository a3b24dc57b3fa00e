// settings.export — asks for a file with everything of the organization, says how far it is, and leads to it.
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData, useRevalidator } from "@remix-run/react";
import { useEffect } from "react";
import { Button, ButtonLink } from "../components/button";
import { DoneNotice, afterwards } from "../components/done-notice";
import { useInBrowser } from "../components/in-browser";
import { Notice } from "../components/notice";
import { PageHeader } from "../components/page-header";
import { MemberForm } from "../components/page-organization";
import { pageTitle } from "../components/page-title";
import { SettingsTabs } from "../components/settings-tabs";
import { Time } from "../components/time";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const member = await context.requireMember("settings.export");
  const { scope, person, organization } = member;
  return {
    organization: { name: organization.name },
    found: (await context.exports.find(scope, person.id)) ?? null,
    mayManage: member.can("manage:organization"),
  };
}

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.export.ask");
  await context.exports.ask(member.scope, member);
  return redirect(afterwards(paths.exports, "export-asked"));
}

export default function Export() {
  const { organization, found, mayManage } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={`Export ${organization.name}`} />
      <DoneNotice />
      <SettingsTabs mayManage={mayManage} mayExport />
      <div className="grid max-w-xl gap-5">
        <p>
          One ZIP file with everything that Atrium keeps of {organization.name}: posts, comments, members and
          invitations, each as JSON and as CSV. The drafts of all members are in it too, which nobody else can see here.
        </p>
        {found && <Found found={found} />}
        {found?.status !== "waiting" && (
          <MemberForm action={paths.exports}>
            <Button look={found ? "plain" : "primary"}>{found ? "Export anew" : "Export everything"}</Button>
          </MemberForm>
        )}
        <p className="text-sm text-muted">
          Only you can fetch your file, for one hour, and only as long as you may export. Then it is deleted.
        </p>
      </div>
    </>
  );
}

type FoundExport = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>["found"]>;

function Found({ found }: { found: FoundExport }) {
  if (found.status === "waiting") return <Progress found={found} />;
  if (found.status === "failed")
    return <Notice tone="danger">The export could not be made, and it is our fault, not yours. Try it again.</Notice>;
  return (
    <div className="grid gap-3 rounded-panel border border-line px-4 py-3">
      <p>
        Your export of <Time at={found.createdAt} inSentence /> is ready ({inBytes(found.bytes ?? 0)}).
      </p>
      <p className="text-muted">
        It can be fetched until <Time at={found.expiresAt} inSentence />.
      </p>
      <p>
        <ButtonLink look="primary" reloadDocument to={paths.downloadExport(found.id)}>
          Download the ZIP file
        </ButtonLink>
      </p>
    </div>
  );
}

function Progress({ found: { total, done } }: { found: FoundExport }) {
  const inBrowser = useInBrowser();
  useReloading();
  return (
    <div className="grid gap-2 rounded-panel border border-line px-4 py-3">
      <label htmlFor="progress">
        {total === null ? "Your export waits for its turn." : "Your export is being made."}
      </label>
      <progress
        id="progress"
        value={total ? done : undefined}
        max={total ?? undefined}
        className="h-1.5 w-full accent-accent-fill"
      />
      {!inBrowser && (
        <p>
          <ButtonLink reloadDocument to={paths.exports}>
            See how far it is
          </ButtonLink>
        </p>
      )}
    </div>
  );
}

/** As long as something is being made. */
function useReloading() {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (state !== "idle") return;
    const timer = setTimeout(revalidate, 1_000);
    return () => clearTimeout(timer);
  }, [revalidate, state]);
}

function inBytes(count: number) {
  const megabytes = count / 1024 / 1024;
  return megabytes >= 1 ? `${Number(megabytes.toFixed(1)).toLocaleString("en")} MB` : `${Math.ceil(count / 1024)} kB`;
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle("Export", data?.organization) }];
