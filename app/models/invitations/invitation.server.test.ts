import { describe, expect, test } from "vitest";
import { LogtoRefused, LogtoUnavailable } from "../../logto/outcome.server";
import { addressKey, auditedInvitation, ifMember, mailResult, masked, mayInvite, statusOf } from "./invitation.server";

test("people see that an invitation has expired, and not that somebody is accepting it", () => {
  const expiresAt = new Date(1_000);
  const seen = (status: Parameters<typeof statusOf>[0]["status"], at: number) => statusOf({ status, expiresAt }, at);
  expect([seen("pending", 999), seen("pending", 1_000), seen("pending", 1_001)]).toEqual([
    "pending",
    "expired",
    "expired",
  ]);
  for (const at of [999, 1_000]) {
    expect(seen("accepting", at)).toBe("pending");
    for (const status of ["accepted", "declined", "revoked", "expired"] as const) expect(seen(status, at)).toBe(status);
  }
});

test.each([
  ["ada@example.com", "a***@example.com"],
  ["🦊fox@example.com", "🦊***@example.com"],
  ["@example.com", "***@example.com"],
  ['"a@b"@example.com', '"***@b"@example.com'],
  ["ada", "a***@"],
])("of %s nobody sees more than %s", (address, shown) => {
  expect(masked(address)).toBe(shown);
});

test("an address is known whatever the case of its letters and the blanks around it, and is named as it was typed", () => {
  expect(addressKey(" Ada@Example.com\n")).toBe("ada@example.com");
  const target = { type: "invitation", id: "one", name: "Ada@Example.com" };
  expect(auditedInvitation({ id: "one", address: " Ada@Example.com " })).toEqual(target);
});

test("what became of a mail is told in a word", () => {
  const results = (["waiting", "sent", "none", "refused", "limited"] as const).map(mailResult);
  expect(results).toEqual(["unavailable", "sent", "made-no-mail", "mail-refused", "mail-limited"]);
});

test("who may not invite gives nothing, and who may gives what they hold", () => {
  const standing = (...permissions: string[]) => ({ roles: [], permissions: new Set(permissions) });
  const reader = { permissions: ["read:posts"] };
  expect(mayInvite(undefined, { permissions: [] })).toBe(false);
  expect(mayInvite(standing("read:posts"), reader)).toBe(false);
  expect(mayInvite(standing("invite:members"), reader)).toBe(false);
  expect(mayInvite(standing("invite:members", "read:posts"), reader)).toBe(true);
  expect(mayInvite(standing("invite:members"), { permissions: [] })).toBe(true);
});

describe("a member's address", () => {
  test("is what one answer of Logto means", () => {
    expect(ifMember(new LogtoRefused(422, "request.invalid_input"))).toBe("already-member");
  });

  test.each([
    new LogtoRefused(422, "request.other"),
    new LogtoRefused(400, "request.invalid_input"),
    new LogtoUnavailable("Away"),
    Object.assign(new Error("Not Logto's"), { status: 422, code: "request.invalid_input" }),
  ])("and no other: %s", (error) => {
    expect(() => ifMember(error)).toThrow(error);
  });
});
