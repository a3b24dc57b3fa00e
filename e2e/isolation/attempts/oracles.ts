// How much work an answer was: the same for another organization's record as for one that never existed.
import { policy, type Operation, type OperationName } from "../../../app/auth/policy";
import { paths } from "../../../app/paths";
import { told } from "../../http/ask";
import { formFor, pathOf, type Ids } from "../../http/operations";
import { writeComment, writePost } from "../../http/suite";
import { holds, same, type Attempt, type Scene } from "./attempt";

const never = "never-existed-22-chars";
const nothing: Ids = { postId: never, commentId: never, memberId: never, invitationId: never };

const about = (Object.entries(policy) as [OperationName, Operation][]).filter(([, { path }]) =>
  /:(postId|commentId|memberId|invitationId)/.test(path),
);

async function record({ ada, house }: Scene): Promise<Ids> {
  const postId = await writePost(ada);
  const commentId = await writeComment(ada, postId);
  const form = { batch: "batch-of-ada", addresses: "only-acme@example.org", role: house.roleId("Admin"), days: "7" };
  const invited = await ada.submit(paths.invite, form);
  const invitationId = /\/join\/([\w-]{22})\./.exec(invited.text)?.[1] ?? "";
  return { postId, commentId, memberId: house.people.abe.id, invitationId };
}

export const oracleAttempts: Attempt[] = about.map(([operation, { method }]): Attempt => ({
  title: `${operation} runs as many statements for another organization's record as for none.`,
  case: "F3",
  async run(scene) {
    const { adb, house } = scene;
    const foreign = await record(scene);
    const asked = (ids: Ids) =>
      house.probe.counted(() => {
        const path = pathOf(operation, ids);
        return method === "GET"
          ? adb.read(path)
          : adb.submit(path, formFor(operation, { ...ids, roleId: house.roleId("Admin") }));
      });
    await asked(nothing); // warms what is made at the first time
    const [one, other] = [await asked(foreign), await asked(nothing)];
    holds("Nothing was counted", one.statements > 0);
    same("Statements", one.statements, other.statements);
    const ids = [...Object.values(foreign), never].filter((id): id is string => typeof id === "string" && id !== "");
    same(
      "The answer",
      told(one.answer, ...ids).replaceAll(/<\d+>/g, "<id>"),
      told(other.answer, ...ids).replaceAll(/<\d+>/g, "<id>"),
    );
  },
}));
