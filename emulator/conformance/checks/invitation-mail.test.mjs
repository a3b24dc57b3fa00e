// Mails of invitations. Needs a mail probe (see README.md); skipped without one.
import {
  absent,
  after,
  assert,
  before,
  expectStatus,
  fixture,
  get,
  mailCheck,
  mailMode,
  mailProbe,
  must,
  post,
  shape,
  sleep,
  unknownId,
} from "../driver.mjs";

const path = "/organization-invitations";
const link = "https://app.example.com/invitation?id=1";
let mail;
before(
  async () => {
    if (mailMode) mail = await mailProbe();
  },
  { timeout: 90_000 },
);
after(() => mail?.close());
const f = fixture(async (world) => {
  const alice = await world.user();
  return { alice, organization: await world.organization({ members: [alice] }) };
});

mailCheck(
  "MAIL-01",
  "an invitation with messagePayload {link} sends one mail with organization, inviter and link",
  async () => {
    const invitation = await f.world.invite(f.organization, { inviterId: f.alice.id, messagePayload: { link } });
    const [message, ...more] = await mail.to(invitation.invitee);
    assert.equal(more.length, 0);
    assert.equal(message.type, "OrganizationInvitation");
    shape(message.payload, { organization: "object", inviter: "object", link: "string" });
    assert.deepEqual(
      [message.payload.organization.id, message.payload.organization.name],
      [f.organization.id, f.organization.name],
    );
    assert.deepEqual([message.payload.inviter.id, message.payload.inviter.primaryEmail], [f.alice.id, f.alice.email]);
    assert.equal(message.payload.link, link);
  },
);

mailCheck("MAIL-02", "without messagePayload, and with messagePayload: false, no mail is sent", async () => {
  const silent = await f.world.invite(f.organization);
  const refused = await f.world.invite(f.organization, { messagePayload: false });
  const marker = await f.world.invite(f.organization, { messagePayload: {} });
  await mail.to(marker.invitee);
  assert.deepEqual([...(await mail.to(silent.invitee, 0)), ...(await mail.to(refused.invitee, 0))], []);
});

mailCheck(
  "MAIL-03",
  "resending answers 204, sends again and leaves the invitation as it was; an unknown id is 404",
  async () => {
    const invitation = await f.world.invite(f.organization, { messagePayload: { link } });
    expectStatus(await post(`${path}/${invitation.id}/message`, { link: `${link}&again` }), 204);
    const mails = await mail.to(invitation.invitee, 2);
    assert.deepEqual(
      mails.map(({ payload }) => payload.link),
      [link, `${link}&again`],
    );
    const resent = await must(get(`${path}/${invitation.id}`));
    assert.deepEqual([resent.status, resent.expiresAt], ["Pending", invitation.expiresAt]);
    expectStatus(await post(`${path}/${unknownId}/message`, { link }), 404, "entity.not_found");
  },
);

mailCheck(
  "MAIL-04",
  "other keys of the payload arrive as they are; without inviterId there is no inviter",
  async () => {
    const invitation = await f.world.invite(f.organization, {
      messagePayload: { link, locale: "fr", custom: "value" },
    });
    const [{ payload }] = await mail.to(invitation.invitee);
    assert.deepEqual([payload.link, payload.locale, payload.custom], [link, "fr", "value"]);
    absent(payload, "inviter");
  },
);

mailCheck(
  "MAIL-05",
  "when the mail cannot be sent: 400 connector.general, sent once, and no invitation stays behind",
  async () => {
    const invitee = f.world.email("bounced");
    mail.failWith(500);
    try {
      expectStatus(
        await post(path, {
          organizationId: f.organization.id,
          invitee,
          expiresAt: Date.now() + 60_000,
          messagePayload: { link },
        }),
        400,
        "connector.general",
      );
      await sleep(300);
    } finally {
      mail.failWith(200);
    }
    assert.equal((await mail.to(invitee)).length, 1);
    assert.deepEqual(await must(get(`${path}?invitee=${encodeURIComponent(invitee)}`)), []);
  },
  { needsListener: true },
);
