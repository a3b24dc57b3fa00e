// The zoo: bugs that multi-tenant products really had, each put into our own sources. The suite has to notice every one.
import type { Edit } from "../probe/build";

export interface Bug extends Edit {
  name: string;
  /** What somebody could have meant by it. */
  story: string;
}

export const zoo: Bug[] = [
  // The data layer
  {
    name: "reads without the organization",
    story: "The tables that are handed out are not filtered.",
    file: "db/scoped.ts",
    from: "    .where(sql`${table.organizationId} = ${organizationId}`)\n    .as(",
    to: "    .where(sql`${organizationId} is not null`)\n    .as(",
  },
  {
    name: "writes without the organization",
    story: "An update finds its row by the condition alone.",
    file: "db/scoped.ts",
    from: "sql`${table.organizationId} = ${organizationId} and (${required(where)})`",
    to: "required(where)",
  },
  {
    name: "scope of the one before",
    story: "The tables of the first scope are kept for all that follow.",
    file: "db/sqlite.ts",
    from: "    let made: TenantTables | undefined;\n    const own = () => (made ??= ownTables(organizationId));",
    to: "    const own = () => ((statements as { made?: TenantTables }).made ??= ownTables(organizationId));",
  },
  {
    name: "comments counted everywhere",
    story: "A count in a sub-select names the table itself.",
    file: "app/models/posts.server.ts",
    from: "(select count(*) from ${comments} where ${comments.postId} = ${posts.id})",
    to: "(select count(*) from comments as c where c.post_id = ${posts.id})",
  },
  {
    name: "authors by their posts anywhere",
    story: "Whether somebody has written at all is asked of every organization's posts.",
    file: "app/models/posts.server.ts",
    from: "exists (select 1 from ${posts} where ${posts.authorId} = ${members.userId} and ${seenBy(posts, given.viewerId)})",
    to: "exists (select 1 from posts as p where p.author_id = ${members.userId})",
  },
  {
    name: "cache without the organization",
    story: "A list is remembered by its filter and its page alone.",
    file: "app/models/invitations/invitations.server.ts",
    from: "    ...createList(options),",
    to: `    ...((made) => {
      const kept = new Map<string, ReturnType<typeof made.list>>();
      const list: typeof made.list = (scope, wanted) => {
        const key = JSON.stringify(wanted);
        return kept.get(key) ?? kept.set(key, made.list(scope, wanted)).get(key)!;
      };
      return { ...made, list };
    })(createList(options)),`,
  },
  {
    name: "write is not waited for",
    story: "The transaction ends before what runs in it.",
    file: "db/writer.ts",
    from: "const mine = last.then(() => transact(organizationId, run, more, deadline));\n    last = mine.catch(() => undefined);",
    to: "const mine = transact(organizationId, run, more, deadline);\n    last = mine.catch(() => undefined);",
  },

  // Who may
  {
    name: "no permission asked",
    story: "Whoever is a member may do everything.",
    file: "app/auth/guards.server.ts",
    from: "if (member.can(permission)) return member;",
    to: "if (permission || member.can(permission)) return member;",
  },
  {
    name: "page of another organization",
    story: "What a page says of its organization is not compared.",
    file: "app/auth/guards.server.ts",
    from: "if (page === session.organizationId || session.organizationId === null) return;",
    to: "if (page || session.organizationId === null) return;",
  },
  {
    name: "form that does not say",
    story: "A form without its organization is taken for one of the active organization.",
    file: "app/auth/guards.server.ts",
    from: "if (page === undefined && !mustSay) return;",
    to: "if (page === undefined) return;",
  },
  {
    name: "every method",
    story: "PUT and DELETE run the action too.",
    file: "app/auth/guards.server.ts",
    from: 'if (method === "GET" || asked.method === method) return;',
    to: "if (method) return;",
  },
  {
    name: "write after removal",
    story: "What the guard saw is not looked at again in the transaction.",
    file: "app/auth/guards.server.ts",
    from: "if (now?.epoch !== epoch || now.organizationId !== organizationId)",
    to: "if (!now)",
  },
  {
    name: "writing in the outage",
    story: "Logto's last answer serves writes as well as reads.",
    file: "app/auth/guards.server.ts",
    from: 'const readOnly = checked === "unavailable";\n      const believed = readOnly ?',
    to: 'const readOnly = false;\n      const believed = checked === "unavailable" ?',
  },
  {
    name: "reading in an endless outage",
    story: "Logto's last answer serves for ever.",
    file: "app/auth/membership.server.ts",
    from: "holds(row, organizationId, row.epoch, outageAge)",
    to: "holds(row, organizationId, row.epoch, Infinity)",
  },
  {
    name: "answer that never ages",
    story: "A membership that was seen once is believed until somebody says otherwise.",
    file: "app/auth/membership.server.ts",
    from: "return passed >= 0 && passed < age;",
    to: "return passed >= 0;",
  },
  {
    name: "answer from the future",
    story: "A clock that was set back makes an answer last.",
    file: "app/auth/membership.server.ts",
    from: "return passed >= 0 && passed < age;",
    to: "return passed < age;",
  },
  {
    name: "answer from before the change",
    story: "A known change does not make Logto be asked again.",
    file: "app/auth/membership.server.ts",
    from: "row.answer?.organizationId !== organizationId || row.answer.epoch < epoch",
    to: "row.answer?.organizationId !== organizationId",
  },
  {
    name: "change that nobody is told of",
    story: "A role is changed at Logto, and the sessions keep the one before.",
    file: "app/models/changes.server.ts",
    from: "      await markStale(whose);\n      return make().finally(async () => {\n        await markStale(whose);\n",
    to: "      return make().finally(async () => {\n",
  },
  {
    name: "any organization to switch to",
    story: "The switch takes the organization from the form and asks nobody.",
    file: "app/auth/auth.server.ts",
    from: "if (!has(row.organizations, organizationId)) {",
    to: "if (!organizationId) {",
  },

  // Sessions and the door
  {
    name: "session that is kept at sign-in",
    story: "Whoever planted a cookie shares the session that begins.",
    file: "app/auth/auth.server.ts",
    from: "if (former) await sessions.drop(former.idHash);",
    to: "if (!former) await sessions.forget();",
  },
  {
    name: "session that is kept at sign-out",
    story: "Signing out forgets the cookie and not the session.",
    file: "app/auth/auth.server.ts",
    from: "await sessions.drop(row.idHash);\n      const revoked",
    to: "const revoked",
  },
  {
    name: "session without an end",
    story: "A session lives as long as its row.",
    file: "app/auth/session.server.ts",
    from: "return row && row.expiresAt.getTime() > now() ? row : undefined;",
    to: "return row;",
  },
  {
    name: "tokens of anybody",
    story: "What was sealed for one session opens in another.",
    file: "app/auth/seal.server.ts",
    from: "protectedHeader.owner === owner ? new",
    to: "protectedHeader.owner && owner ? new",
  },
  {
    name: "forms from everywhere",
    story: "The origin of a request is not compared.",
    file: "app/http/origin.server.ts",
    from: "!provesItself && !ours",
    to: "!provesItself && ours === null",
  },
  {
    name: "forms from nowhere",
    story: "A request that does not say where it is from is taken for ours.",
    file: "app/http/origin.server.ts",
    from: 'origin === undefined ? site === "same-origin" : origin === rule.appOrigin',
    to: 'origin === undefined || origin === "null" || origin === rule.appOrigin || site === "same-origin"',
  },
  {
    name: "origin by its beginning",
    story: "An origin that begins with ours is taken for ours.",
    file: "app/http/origin.server.ts",
    from: ": origin === rule.appOrigin;",
    to: ": origin.startsWith(rule.appOrigin);",
  },
  {
    name: "pages that may be stored",
    story: "Nothing says that a page is one person's.",
    file: "app/http/headers.server.ts",
    from: 'response.setHeader("Cache-Control", "private, no-store");',
    to: 'response.setHeader("Cache-Control", "max-age=60");',
  },
  {
    name: "return to anywhere",
    story: "The address to return to is believed.",
    file: "app/http/local-path.server.ts",
    from: 'if (typeof value !== "string" || value.length > 2000 || !/^\\/(?![/\\\\])/.test(value)) return undefined;',
    to: 'if (typeof value !== "string") return undefined;\n  if (/evil/.test(value)) return value;',
  },
  {
    name: "webhook that nobody signed",
    story: "A signature is only looked at if there is one.",
    file: "app/logto/webhook.server.ts",
    from: "return given.length === expected.length && timingSafeEqual(given, expected);",
    to: "return signature === undefined || (given.length === expected.length && timingSafeEqual(given, expected));",
  },
  {
    name: "webhook with the beginning of a signature",
    story: "As much of it is compared as was sent.",
    file: "app/logto/webhook.server.ts",
    from: "return given.length === expected.length && timingSafeEqual(given, expected);",
    to: "return timingSafeEqual(given, expected.subarray(0, given.length));",
  },
  {
    name: "webhook of last year",
    story: "An event that was signed once can be sent for ever.",
    file: "app/logto/webhook.server.ts",
    from: "Math.abs(now() - Date.parse(event.createdAt)) > tolerance",
    to: "Date.parse(event.createdAt) - now() > tolerance",
  },
  {
    name: "webhook that changes nothing",
    story: "A signed event is answered and forgotten.",
    file: "app/logto/webhook.server.ts",
    from: "follow(hintOf(event)).then(",
    to: "(event ? Promise.resolve() : follow(hintOf(event))).then(",
  },

  // Posts and comments
  {
    name: "drafts for everybody",
    story: "Whoever is a member sees every post.",
    file: "app/models/posts.server.ts",
    from: 'return or(ne(posts.status, "draft"), eq(posts.authorId, viewerId));',
    to: 'return or(ne(posts.status, "never"), eq(posts.authorId, viewerId));',
  },
  {
    name: "anybody's posts to change",
    story: "A post is found by its id, and its author is not looked at.",
    file: "app/models/posts.server.ts",
    from: "return and(eq(posts.id, id), eq(posts.authorId, author.userId));",
    to: "return and(eq(posts.id, id), author ? undefined : eq(posts.id, id));",
  },
  {
    name: "anybody's posts to delete",
    story: "Whoever may write may delete.",
    file: "app/routes/posts.$postId.delete.tsx",
    from: 'mayDeleteAny: member.can("delete:posts") }',
    to: 'mayDeleteAny: member.can("write:posts") }',
  },
  {
    name: "403 for what is another's",
    story: "Somebody else's post is forbidden, and not nothing.",
    file: "app/routes/posts.$postId._index.tsx",
    from: "throw notFound();",
    to: 'throw new Response(JSON.stringify({ kind: "forbidden", status: 403 }), { status: 403 });',
  },
  {
    name: "author from the form",
    story: "A hidden field says who wrote a post.",
    file: "app/routes/posts.new.tsx",
    from: "const { status, ...text } = form.value;",
    to: 'const { status, ...text } = form.value;\n  const typed = (await context.kept())?.fields.find(([name]) => name === "authorId")?.[1];\n  if (typed) member.person.id = typed;',
  },
  {
    name: "two posts of one form",
    story: "What is sent twice is written twice.",
    file: "app/models/posts.server.ts",
    from: "if (known?.authorId === author.userId && known.title === title && known.body === body) {",
    to: "if (known && !author) {",
  },
  {
    name: "comment of another post",
    story: "A comment is found by its own id alone.",
    file: "app/models/comments.server.ts",
    from: "return and(eq(comments.id, commentId), eq(comments.postId, postId));",
    to: "return and(eq(comments.id, commentId), postId ? undefined : eq(comments.postId, postId));",
  },
  {
    name: "the last save wins",
    story: "The version that somebody had read is not compared.",
    file: "app/models/posts.server.ts",
    from: "and(isBy(posts, author, id), eq(posts.version, version))",
    to: "and(isBy(posts, author, id), version ? undefined : eq(posts.version, version))",
  },

  // Members
  {
    name: "roles beyond one's own",
    story: "Whoever manages members makes Admins.",
    file: "app/models/member-roles.server.ts",
    from: "return [...permissions].every((permission) => giver.permissions.has(permission));",
    to: "return [...permissions].every((permission) => giver.permissions.has(permission) || permission);",
  },
  {
    name: "nobody is left to manage",
    story: "The last one who manages the members may go.",
    file: "app/models/member-changes.server.ts",
    from: 'if (!permissions.has("manage:members")) return false;',
    to: "if (permissions) return false;",
  },
  {
    name: "one's own role",
    story: "Whoever manages members changes their own role.",
    file: "app/models/member-changes.server.ts",
    from: "    if (logtoId === myself)\n",
    to: "    if (logtoId === `${myself}?`)\n",
  },
  {
    name: "changes at the same time",
    story: "Two changes of members run beside each other.",
    file: "app/models/member-changes.server.ts",
    from: "const answer = await locks.whileLocked(organizationId, () =>",
    to: 'const answer = await ((_: string, run: () => Promise<Answer | "unavailable">) => (locks ? run() : run()))(organizationId, () =>',
  },
  {
    name: "anybody's drafts go",
    story: "With one member go the drafts of all.",
    file: "app/models/member-changes.server.ts",
    from: 'and(eq(posts.authorId, member.userId), eq(posts.status, "draft"))',
    to: 'eq(posts.status, "draft")',
  },
  {
    name: "people of everywhere",
    story: "A member's page shows whomever Logto knows.",
    file: "app/models/member-directory.server.ts",
    from: "const standing = await standingOf(management, template, scope.organizationId, logtoId);\n  const person",
    to: "const standing = (await standingOf(management, template, scope.organizationId, logtoId)) ?? standingWith(template, []);\n  const person",
  },

  // Invitations
  {
    name: "invitation without an end",
    story: "An invitation can be accepted after its time.",
    file: "app/models/invitations/claim.server.ts",
    from: 'const waits = and(eq(invitations.status, "pending"), gt(invitations.expiresAt, at));',
    to: 'const waits = and(eq(invitations.status, "pending"), at ? undefined : gt(invitations.expiresAt, at));',
  },
  {
    name: "page of an expired invitation",
    story: "The page of a link does not look at its time.",
    file: "app/models/invitations/invitation.server.ts",
    from: 'return status === "pending" && expiresAt.getTime() <= at ? "expired" : status;',
    to: 'return status === "pending" && expiresAt.getTime() + 1_000 <= at ? "expired" : status;',
  },
  {
    name: "link that was replaced",
    story: "A new link leaves the old one good.",
    file: "app/models/invitations/lookup.server.ts",
    from: 'const oldest = which === "this generation" ? generation : 1;',
    to: "const oldest = which ? 1 : generation;",
  },
  {
    name: "link without its proof",
    story: "The id of an invitation opens it.",
    file: "app/models/invitation-link.server.ts",
    from: "return given.length === right.length && timingSafeEqual(given, right);",
    to: "return given.length === right.length && timingSafeEqual(given.subarray(0, 22), right.subarray(0, 22));",
  },
  {
    name: "address that is not verified",
    story: "Whoever says that an address is theirs may use its invitation.",
    file: "app/models/invitations/accept.server.ts",
    from: 'return emailVerified ? undefined : "unverified";',
    to: 'return emailVerified || key ? undefined : "unverified";',
  },
  {
    name: "waiting for an unverified address",
    story: "Whoever says that an address is theirs is shown what waits for it.",
    file: "app/models/invitations/waiting.server.ts",
    from: "and(eq(users.id, given.personId), eq(users.emailVerified, true))",
    to: "eq(users.id, given.personId)",
  },
  {
    name: "waiting for somebody else",
    story: "An invitation can be declined by its id.",
    file: "app/models/invitations/invitations.server.ts",
    from: "return found && reader?.emailVerified && found.invitation.addressKey === addressKey(reader.email)",
    to: "return found && reader && addressKey(reader.email)",
  },
  {
    name: "everybody's waiting invitations",
    story: "What waits is not looked for by address.",
    file: "app/models/invitations/waiting.server.ts",
    from: "eq(invitationLinks.addressKey, sql`lower(${users.email})`)",
    to: "eq(invitationLinks.addressKey, invitationLinks.addressKey)",
  },
  {
    name: "roles beyond the inviter's own",
    story: "Whoever may invite, invites Admins.",
    file: "app/models/invitations/invitation.server.ts",
    from: "return [...role.permissions].every((permission) => giver.permissions.has(permission));",
    to: "return [...role.permissions].every((permission) => giver.permissions.has(permission) || permission);",
  },
  {
    name: "inviter who may not any more",
    story: "An invitation outlives its inviter's right to give it.",
    file: "app/models/invitations/accept.server.ts",
    from: "if (await inviterStillMay(scope, claimed)) return",
    to: "if (claimed || (await inviterStillMay(scope, claimed))) return",
  },
  {
    name: "whole address for everybody",
    story: "The page of a link shows whom it is for.",
    file: "app/models/invitations/open.server.ts",
    from: "maskedAddress: masked(address),",
    to: "maskedAddress: address || masked(address),",
  },
  {
    name: "requests with any link",
    story: "Whoever knows an invitation's id can ask at it.",
    file: "app/models/invitations/lookup.server.ts",
    from: "if (links.opens(token, { id: found.invitation.id, generation: tried })) return found;\n    return undefined;",
    to: 'if (links.opens(token, { id: found.invitation.id, generation: tried })) return found;\n    return which === "any generation" ? found : undefined;',
  },
];
