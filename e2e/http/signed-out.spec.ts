// Whoever is signed out: led to the sign-in and back, with what they typed kept, and told nothing.
import { paths } from "../../app/paths";
import { header } from "./ask";
import { expect, test, writePost } from "./suite";
import { transports } from "./visitor";

test.describe.configure({ mode: "default" });

test.describe("whoever is signed out", () => {
  test("is led from every page to the sign-in and, from there, back to it", async ({ cast: { anonymous, ada } }) => {
    const postId = await writePost(ada);
    for (const page of ["/posts?status=draft&text=a%26b", `/posts/${postId}`, "/posts/new", "/organizations"]) {
      const answer = await anonymous.read(page);
      expect(answer.status).toBe(302);
      expect(header(answer, "location")).toBe(paths.signIn(page));
    }
  });

  test("finds what they typed in the refusal, as a page and as data", async ({ cast: { anonymous, acme } }) => {
    const form = { title: "A title <b>that</b> took an hour", body: 'Its "text" & more', status: "draft" };
    for (const as of transports) {
      const answer = await anonymous.submit(paths.newPost, form, { as, page: acme.id });
      expect(answer.status).toBe(401);
      const read = as === "data" ? (text: string) => JSON.stringify(text).slice(1, -1) : escaped;
      for (const text of [form.title, form.body]) expect(answer.text).toContain(read(text));
    }
  });

  test("gets 401 for a route's data alone, which no parent's guard protects", async ({ cast }) => {
    const words = "Only Acme reads this";
    const postId = await writePost(cast.ada, { title: words });
    for (const [path, route] of [
      ["/posts", "routes/posts._index"],
      [`/posts/${postId}`, "routes/posts.$postId._index"],
    ] as const) {
      const address = `${path}?_routes=${encodeURIComponent(route)}`;
      const answer = await cast.anonymous.read(address, "data");
      expect(answer.status).toBe(401);
      for (const word of [words, cast.acme.name, "Ada"]) expect(answer.text).not.toContain(word);
      expect((await cast.ada.read(address, "data")).text, "Ada reads it there").toContain(words);
    }
  });
});

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
