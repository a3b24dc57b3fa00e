// The door: webhooks that Logto did not send, and sign-ins that are not what they seem.
import { paths } from "../../../app/paths";
import { header } from "../../http/ask";
import { origin, secret } from "../probe/house";
import { holds, minute, same, second, status, type Attempt, type Scene } from "./attempt";

const event = "Organization.Membership.Updated";

const epochs = ({ rows }: Scene) => rows("select sum(epoch) as n from sessions")[0]?.n;

export const doorAttempts: Attempt[] = [
  {
    title: "A webhook with no signature, a wrong one, a cut one, in capitals or of another body does nothing.",
    case: "I1",
    async run(scene) {
      const { app, house } = scene;
      const right = house.webhook({ event });
      const signature = right.headers["logto-signature-sha-256"] ?? "";
      const before = epochs(scene);
      const wrong = ["", "0".repeat(64), signature.slice(0, -1), signature.toUpperCase(), `${signature}0`];
      for (const given of wrong)
        status(
          `The signature ${given}`,
          await app.ask(paths.logtoWebhook, {
            ...right,
            headers: { ...right.headers, "logto-signature-sha-256": given },
          }),
          401,
        );
      status(
        "Another body",
        await app.ask(paths.logtoWebhook, { ...right, body: right.body.replace("Updated", "Deleted") }),
        401,
      );
      const { "logto-signature-sha-256": _, ...bare } = right.headers;
      status("No signature", await app.ask(paths.logtoWebhook, { ...right, headers: bare }), 401);
      same("Epochs", epochs(scene), before);
      status("The right one", await app.ask(paths.logtoWebhook, right), 204);
      holds("It was heard", epochs(scene) !== before);
    },
  },
  {
    title: "A webhook counts within five minutes of its own time, and neither later nor from the future.",
    case: "I3",
    async run(scene) {
      const { app, house } = scene;
      const send = async (ahead: number) =>
        (
          await app.ask(
            paths.logtoWebhook,
            house.webhook({ event, createdAt: new Date(house.began + ahead).toISOString() }),
          )
        ).status;
      const within = [-5 * minute, 5 * minute];
      const beyond = [-5 * minute - second, 5 * minute + second, -24 * 60 * minute];
      for (const ahead of within) same(`${ahead} ms`, await send(ahead), 204);
      for (const ahead of beyond) same(`${ahead} ms`, await send(ahead), 400);
    },
  },
  {
    title: "A sign-in makes a new session, and what the browser had before is over.",
    case: "C4",
    async run({ ada, house, app }) {
      status("Before", await ada.read(paths.posts, "data"), 200);
      const walker = house.openWalker(app, ada.cookie);
      await walker.signIn(house.people.ada);
      const cookie = walker.cookies(origin);
      holds("There is a new session", cookie !== "" && cookie !== ada.cookie);
      status("The new one", await app.ask("/organizations.data", { headers: { Cookie: cookie } }), 200);
      status("The one before", await ada.read(paths.posts, "data"), 401);
    },
  },
  {
    title: "After signing in nobody is led to another site.",
    case: "H2",
    async run({ house, app }) {
      for (const returnTo of [
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example",
        "/%09/evil.example",
        "/posts",
      ]) {
        const walker = house.openWalker(app);
        const landed = await walker.signIn(house.people.abe, { returnTo });
        same(returnTo, new URL(landed.url).origin, origin);
      }
    },
  },
  {
    title: "A callback without the state that this browser began with makes no session.",
    case: "H3",
    async run({ app, rows }) {
      const before = rows("select count(*) as n from sessions");
      for (const query of ["", "?code=abc", "?code=abc&state=def", "?error=access_denied&state=def"]) {
        const answer = await app.ask(paths.callback + query);
        status(query, answer, 400);
        holds(
          "There is a session",
          !answer.headers.some(([name, value]) => name === "set-cookie" && /__session=[^;]/.test(value)),
        );
      }
      same("Sessions", rows("select count(*) as n from sessions"), before);
    },
  },
  {
    title: "The session's cookie tells nothing, and scripts and other sites do not get it.",
    case: "C8",
    async run({ house, app, rows }) {
      const walker = house.openWalker(app);
      await walker.signIn(house.people.abe);
      const cookie = walker.setCookies().find((set) => set.startsWith("__session=")) ?? "";
      for (const attribute of [/; HttpOnly/i, /; SameSite=Lax/i, /; Path=\//i])
        holds(`${attribute} of ${cookie}`, attribute.test(cookie));
      const value = decodeURIComponent(/__session=([^;]+)/.exec(cookie)?.[1] ?? "");
      const told = Buffer.from(value.split(".")[0] ?? "", "base64").toString("utf8");
      for (const [table, column] of [
        ["users", "id"],
        ["users", "email"],
        ["organizations", "id"],
        ["sessions", "id_hash"],
      ] as const)
        for (const row of rows(`select ${column} as v from ${table}`))
          holds(`It holds a ${column}`, !told.includes(String(row.v)));
    },
  },
  {
    title: "Logto's tokens lie sealed in the session's row, and are of no use in another one.",
    async run({ ada, rows, change, house, pass }) {
      const [row] = rows(
        "select items from sessions s join users u on u.id = s.user_id where u.logto_id = ?",
        house.people.ada.id,
      );
      holds(
        "The tokens can be read",
        !/eyJ[\w-]+\.eyJ/.test(String(row?.items)) || String(row?.items).split(".").length === 5,
      );
      holds("The secret is stored", !JSON.stringify(rows("select * from sessions")).includes(secret));
      change(
        "",
        "update sessions set items = (select items from sessions s join users u on u.id = s.user_id where u.logto_id = ?) where user_id = (select id from users where logto_id = ?)",
        house.people.abe.id,
        house.people.ada.id,
      );
      pass(2 * minute);
      const answer = await ada.read(paths.posts, "data");
      holds(
        "Somebody else's tokens are taken",
        answer.status === 401 || header(answer, "location").includes("sign-in"),
        answer,
      );
    },
  },
];
