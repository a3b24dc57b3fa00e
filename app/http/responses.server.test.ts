import { describe, expect, it } from "vitest";
import { isRefusal } from "./refusal";
import * as responses from "./responses.server";

const kept = { action: "/posts/new", fields: [["title", "Tea"]] satisfies [string, string][] };

describe("a refusal", () => {
  it.each([
    ["notFound", responses.notFound(), 404],
    ["forbidden", responses.forbidden({ permissionWords: "invite people", kept }), 403],
    [
      "staleOrganization",
      responses.staleOrganization({ page: { id: "a" }, session: { id: "b", name: "Globex" }, kept }),
      409,
    ],
    ["preconditionMissing", responses.preconditionMissing({ kept }), 428],
    ["signedOut", responses.signedOut({ kept }), 401],
    ["accessChanged", responses.accessChanged({ kept }), 409],
    ["removed", responses.removed({ organizationName: "Acme", kept }), 403],
    ["policyRefused", responses.policyRefused({ organizationName: "Acme", kept }), 403],
    ["unavailable", responses.unavailable({ kept }), 503],
    ["tooMany", responses.tooMany({ retryAfter: 7, kept }), 429],
    ["badRequest", responses.badRequest("It ended early."), 400],
    ["unsupportedType", responses.unsupportedType("Only forms."), 415],
  ])("%s says in sentences why and what to do next", async (_name, response, status) => {
    const refusal: unknown = await response.json();
    expect(response.status).toBe(status);
    expect(isRefusal(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      status,
      sentence: expect.stringMatching(/\.$/),
      next: expect.stringMatching(/\.$/),
    });
  });

  it("gives Eve the same bytes for Acme's post as for one that never existed", async () => {
    const [foreign, missing] = [responses.notFound(), responses.notFound()];
    expect([...foreign.headers]).toEqual([...missing.headers]);
    expect(await foreign.text()).toBe(await missing.text());
  });

  it("tells Bob whose page it was and where he is now, keeps what he typed, and marks itself for the browser", async () => {
    const response = responses.staleOrganization({
      page: { id: "a", name: "Acme" },
      session: { id: "g", name: "Globex" },
      kept,
    });
    expect(response.headers.get("X-Atrium-Stale")).toBe("organization");
    expect(await response.json()).toMatchObject({
      sentence: "This page belongs to Acme. You are now in Globex. Nothing was changed.",
      next: "Switch back to Acme and send it again, or go on in Globex.",
      page: { id: "a", name: "Acme" },
      session: { id: "g", name: "Globex" },
      kept,
    });
  });

  it("does not name an organization that the person may not know", async () => {
    const response = responses.staleOrganization({ page: { id: "a" }, session: { id: "g", name: "Globex" } });
    expect(await response.json()).toMatchObject({
      sentence: "This page belongs to another organization. You are now in Globex. Nothing was changed.",
      next: "Go on in Globex.",
    });
  });

  it("tells a Collaborator whom to ask", async () => {
    const next = async (askWhom?: string[]) => {
      const refusal: { next: string } = await responses.forbidden({ permissionWords: "invite people", askWhom }).json();
      return refusal.next;
    };
    expect(await next(["Ada", "Ben"])).toBe("Ask Ada or Ben to do it, or to give you a role that may.");
    expect(await next()).toBe("Ask somebody who manages the members to do it, or to give you a role that may.");
  });

  it("says when to come back", () => {
    expect(responses.unavailable().headers.get("Retry-After")).toBe("10");
    expect(responses.tooMany({ retryAfter: 7 }).headers.get("Retry-After")).toBe("7");
  });

  it.each([null, "text", [], { kind: "not-found" }, { sentence: "x", status: "404", kind: "x" }])(
    "is not what another error response holds: %j",
    (value) => {
      expect(isRefusal(value)).toBe(false);
    },
  );
});
