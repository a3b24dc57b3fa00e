// The landing page of who is signed out. Who is signed in goes to the posts.
import { redirect, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Building2, ShieldCheck, UserRoundCog } from "lucide-react";
import { BareFrame } from "../components/bare-page";
import { ButtonLink } from "../components/button";
import { DoneNotice } from "../components/done-notice";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const { person } = await context.visitor("home");
  if (person) throw redirect(paths.posts);
  return null;
}

const promises = [
  {
    icon: Building2,
    title: "A space for each organization",
    text: "Posts and comments belong to one organization. Switch between yours with one click.",
  },
  {
    icon: UserRoundCog,
    title: "Roles that keep counting",
    text: "What you may do is asked again while you work: a role that is taken away stops counting within a minute.",
  },
  {
    icon: ShieldCheck,
    title: "Nothing crosses over",
    text: "What is not yours does not exist for you. Two walls see to that, and each is enough alone.",
  },
];

export default function Landing() {
  return (
    <BareFrame>
      <DoneNotice />
      <h1 className="text-2xl font-semibold tracking-tight text-balance">
        Work together, organization by organization
      </h1>
      <p className="mt-3 text-lg text-pretty text-muted">
        Atrium keeps what your organizations write, each behind its own walls. Sign in to go on where you were.
      </p>
      <p className="mt-6 flex flex-wrap gap-2">
        <ButtonLink look="primary" reloadDocument to={paths.signIn()}>
          Sign in
        </ButtonLink>
        <ButtonLink reloadDocument to={paths.register}>
          Create an account
        </ButtonLink>
      </p>
      <ul className="mt-12 grid gap-6 border-t border-line pt-8">
        {promises.map(({ icon: Icon, title, text }) => (
          <li key={title} className="flex gap-3.5">
            <Icon aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-accent" />
            <div>
              <h2 className="font-semibold">{title}</h2>
              <p className="mt-0.5 text-muted">{text}</p>
            </div>
          </li>
        ))}
      </ul>
    </BareFrame>
  );
}

export const meta: MetaFunction = () => [{ title: "Atrium" }];
