import { expect, test } from "vitest";
import { newId } from "../../db";
import { createInvitationLinks } from "./invitation-link.server";

const origin = "https://app.example.com";
const links = createInvitationLinks({ origin, secrets: ["the newest secret of at least 32 characters"] });
const invitation = { id: newId(), generation: 1 };
const id = "AAAAAAAAAAAAAAAAAAAAAA";
const mac = "BBBBBBBBBBBBBBBBBBBBBB";

test("a link holds the id and 128 bits that only this app can make, and is the same each time", () => {
  const link = links.linkOf(invitation);
  expect(link).toMatch(new RegExp(`^${origin}/join/${invitation.id}\\.[\\w-]{22}$`));
  expect(links.linkOf(invitation)).toBe(link);
  const token = links.tokenOf(invitation);
  expect(links.idOf(token)).toBe(invitation.id);
  expect(links.opens(token, invitation)).toBe(true);
});

test("another generation, another invitation and another secret have other links", () => {
  const token = links.tokenOf(invitation);
  expect(links.opens(token, { ...invitation, generation: 2 })).toBe(false);
  expect(links.opens(token, { ...invitation, id: newId() })).toBe(false);
  const others = createInvitationLinks({ origin, secrets: ["another secret of at least 32 characters"] });
  expect(others.opens(token, invitation)).toBe(false);
  expect(() => createInvitationLinks({ origin, secrets: [] })).toThrow("at least one secret");
});

test("no character can be changed, cut or added, and no letter's case", () => {
  const token = links.tokenOf(invitation);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (let place = 23; place < token.length; place += 1)
    for (const letter of alphabet.replace(token[place] ?? "", ""))
      expect(links.opens(token.slice(0, place) + letter + token.slice(place + 1), invitation)).toBe(false);
  for (const spoilt of [token.slice(0, -1), `${token}A`, token.toLowerCase(), token.toUpperCase(), ""])
    expect(links.opens(spoilt, invitation)).toBe(false);
});

test.each([
  "",
  ".",
  "a.b",
  id,
  `${id}.`,
  `.${mac}`,
  `${id}.${mac}.`,
  `${id}.${mac}\n`,
  `${id}.${mac}B`,
  `A${id}.${mac}`,
])("%j speaks of no invitation", (token) => expect(links.idOf(token)).toBeUndefined());

test("a link that was sent stays right, whatever else changes here", () => {
  expect(links.linkOf({ id, generation: 3 })).toBe(`${origin}/join/${id}.bdue4u_0ex0MT9zd4RdNqA`);
});

test("links outlive a new secret as long as the old one is still known", () => {
  const [old, fresh] = ["the old secret of at least 32 characters", "the new secret of at least 32 characters"];
  const token = createInvitationLinks({ origin, secrets: [old] }).tokenOf(invitation);
  const rotated = createInvitationLinks({ origin, secrets: [fresh, old] });
  expect(rotated.opens(token, invitation)).toBe(true);
  expect(rotated.opens(rotated.tokenOf(invitation), invitation)).toBe(true);
  expect(rotated.tokenOf(invitation)).not.toBe(token);
  expect(createInvitationLinks({ origin, secrets: [fresh] }).opens(token, invitation)).toBe(false);
});
