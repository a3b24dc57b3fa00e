// Invitations, as those see them who send them.
import { expect } from "@playwright/test";
import { paths } from "../../app/paths";
import { expire } from "../clock";
import { sendForm } from "../journey";
import { addressOf, invite, linkTo } from "../outbox";
import { press } from "../page";
import { answerInvitation, asAda, asAnn, asAnother, heading, long, type Stage, type View } from "./view";

export const invitations: View[] = [
  {
    name: "invitations, none open",
    of: "invitations.list",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.invitations);
      await expect(stage.page.getByText("No open invitations")).toBeVisible();
    },
  },
  {
    name: "invitations of every kind",
    of: "invitations.list",
    open: async (stage) => {
      await everyKind(stage);
      await stage.page.goto(`${paths.invitations}?status=all`);
      for (const status of ["Accepted", "Declined", "Revoked", "Expired", "Expires"])
        await expect(
          stage.page
            .getByText(new RegExp(`^${status}`))
            .filter({ visible: true })
            .first(),
        ).toBeVisible();
    },
  },
  {
    name: "invitations, menu of one open",
    of: "invitations.list",
    open: async (stage) => {
      const { address } = await asAnnWhoInvited(stage);
      await stage.page.goto(paths.invitations);
      await stage.page.getByLabel(`What can be done with the invitation to ${address}`).click();
      await expect(stage.page.getByRole("textbox", { name: `Link for ${address}` })).toBeVisible();
    },
  },
  { name: "invite people", of: "invitations.new", open: (stage) => asAda(stage, paths.invite) },
  {
    name: "invite people, refused",
    of: "invitations.new",
    refusedWith: 422,
    open: async (stage) => {
      await asAda(stage, paths.invite);
      await stage.page.getByLabel("Note").fill(long.repeat(10));
      await stage.page.getByLabel("Days until it expires").fill("31");
      await press(stage.page, "Send invitations");
      await expect(stage.page.getByText("Write at least one e-mail address.")).toBeVisible();
    },
  },
  {
    name: "invite people, while it is being done",
    of: "invitations.progress",
    open: async (stage) => {
      const { page } = stage;
      await asAnn(stage);
      await page.goto(paths.invite);
      await page.emulateMedia({ reducedMotion: "reduce" }); // the bar over a page that loads would never come to rest
      await page.route(`**${paths.invite}.data*`, () => {}); // no answer comes
      await page.route(`**${paths.inviteProgress}?*`, (route) => route.fulfill({ json: { of: 12, done: 5 } }));
      await page.getByLabel("E-mail addresses").fill("nora@example.com");
      await press(page, "Send invitations");
      // Without JavaScript nothing tells how far it is.
      await expect(page.getByText("Sending: 5 of 12").or(page.getByText("1 person invited"))).toBeVisible();
    },
  },
  {
    name: "invite people, what became of each",
    of: "invitations.new",
    open: async (stage) => {
      const { ben } = await asAnn(stage);
      await stage.page.goto(paths.invite);
      await stage.page
        .getByLabel("E-mail addresses")
        .fill(["nora@example.com", `${long.slice(0, 60)}@example.com`, ben.email, "nobody"].join("\n"));
      await press(stage.page, "Send invitations");
      await heading(stage.page, "2 people invited");
    },
  },
  {
    name: "new link",
    open: async (stage) => {
      const { address } = await asAnnWhoInvited(stage);
      await stage.page.goto(paths.invitations);
      await stage.page.getByLabel(`What can be done with the invitation to ${address}`).click();
      await press(stage.page, "Make a new link");
      await heading(stage.page, "New link");
    },
  },
  {
    name: "invitations, not all of it could be done",
    open: async (stage) => {
      const { page } = stage;
      const { lamps, address } = await asAnnWhoInvited(stage);
      await invite(page, lamps, "nora@example.com");
      await page.goto(paths.invitations);
      for (const box of await page.getByRole("checkbox", { name: "Choose" }).all()) await box.check();
      const invitation = await page.getByLabel(`Choose ${address}`).inputValue();
      await sendForm(page, lamps, paths.revokeInvitations, { invitation });
      await press(page, "Send again");
      await heading(page, "Not all was sent");
    },
  },
  {
    name: "role of an invitation",
    of: "invitations.role.edit",
    open: async (stage) => {
      await openRole(stage);
      await expect(stage.page.getByRole("button", { name: "Change role" })).toBeEnabled();
    },
  },
  {
    name: "role of an invitation that is not open any more",
    of: "invitations.role.edit",
    open: async (stage) => {
      const { lamps, invitation } = await openRole(stage);
      await sendForm(stage.page, lamps, paths.revokeInvitations, { invitation });
      await stage.page.reload();
      await expect(stage.page.getByText("This invitation is revoked.")).toBeVisible();
    },
  },
  {
    name: "requests, none",
    of: "requests.list",
    open: async (stage) => {
      await asAnn(stage);
      await stage.page.goto(paths.requests);
      await expect(stage.page.getByText("Nobody asks to be invited")).toBeVisible();
    },
  },
  {
    name: "requests",
    of: "requests.list",
    open: async (stage) => {
      const { page, world, operator } = stage;
      const { ann, address } = await asAnnWhoInvited(stage);
      await asAnother(page, await operator.makePerson("Carl"));
      await page.goto(await linkTo(world, address));
      await page.getByRole("button", { name: /^Ask for an invitation to/ }).click();
      await expect(page.getByRole("status")).toBeVisible();
      expire(world, address);
      await answerInvitation(page, await linkTo(world, address), "ask");
      await asAnother(page, ann);
      await page.goto(paths.requests);
      await expect(page.getByRole("article")).toHaveCount(2);
    },
  },
];

/** Ann, with an invitation to a long address. */
async function asAnnWhoInvited(stage: Stage) {
  const here = await asAnn(stage);
  const address = addressOf(long.slice(0, 24));
  await invite(stage.page, here.lamps, address);
  return { ...here, address };
}

async function openRole(stage: Stage) {
  const { page } = stage;
  const here = await asAnnWhoInvited(stage);
  await page.goto(paths.invitations);
  const invitation = await page.getByLabel(`Choose ${here.address}`).inputValue();
  await page.goto(paths.invitationRole(invitation));
  return { ...here, invitation };
}

async function everyKind(stage: Stage): Promise<void> {
  const { page, world, operator } = stage;
  const nora = await operator.makePerson("Nora");
  const { ann, lamps } = await asAnnWhoInvited(stage);
  const [declined, revoked, expired] = ["declined", "revoked", "expired"].map(addressOf);
  await invite(page, lamps, nora.email, declined, revoked, expired);
  await answerInvitation(page, await linkTo(world, declined ?? ""), "decline");
  expire(world, expired ?? "");
  await answerInvitation(page, await linkTo(world, expired ?? ""), "ask");
  await page.goto(paths.invitations);
  const invitation = await page.getByLabel(`Choose ${revoked}`).inputValue();
  await sendForm(page, lamps, paths.revokeInvitations, { invitation });
  await asAnother(page, nora);
  await page.goto(await linkTo(world, nora.email));
  await press(page, "Join Lamps as Collaborator");
  await expect(page).toHaveTitle("Posts · Lamps");
  await asAnother(page, ann);
}
