// The console: people, organizations, members and their roles; a role can be changed here, as an operator would.
import express, { type Router } from "express";
import type { Store } from "../database/store";
import {
  type Member,
  type Organization,
  isMember,
  membersOf,
  organizationTable,
  replaceRoles,
} from "../directory/organizations";
import { type OrganizationRole, allRoles, scopesOfRole } from "../directory/template";
import { type StoredUser, findUser, userTable } from "../directory/users";
import { type StoredApplication, applicationTable, secretsOf } from "../settings/applications";
import { field, fields, show } from "./forms";
import { type Html, html } from "./html";

export function consolePages(store: Store): Router {
  const router = express.Router();

  router.get("/", (request, response) => {
    const people = store.list<StoredUser>(userTable, "select * from users order by created_at, rowid limit 500");
    const organizations = store.list<Organization>(
      organizationTable,
      "select * from organizations order by created_at, rowid limit 200",
    );
    const roles = allRoles(store);
    const changed = findUser(store, String(request.query.changed ?? ""));
    const body = html`<h1>Console</h1>
      <p class="quiet">
        What an operator sees in Logto's console. A change of roles is in force at once and fires no webhook, as at
        Logto.
      </p>
      ${changed ? html`<p class="notice" role="status">The roles of ${changed.name ?? changed.primaryEmail} are changed.</p>` : ""}
      <h2>Organizations</h2>
      ${organizations.length === 0 ? html`<p>There is no organization yet. Applications make them.</p>` : ""}
      ${organizations.map((organization) => organizationPart(organization, membersOf(store, organization.id), roles))}
      <h2>Roles</h2>
      ${rolesPart(store, roles)}
      <h2>People</h2>
      ${peoplePart(people)}
      <h2>Applications</h2>
      ${applicationsPart(store)}`;
    show(response, { title: "Console", body, wide: true });
  });

  router.post("/member-roles", (request, response) => {
    const [organizationId, userId] = [field(request, "organizationId"), field(request, "userId")];
    const known = new Set(allRoles(store).map(({ id }) => id));
    if (!isMember(store, organizationId, userId)) {
      const body = html`<h1>Not a member any more</h1>
        <p>Nothing was changed. <a href="/emulator">Back to the console</a></p>`;
      return show(response, { title: "Not a member any more", body, status: 404 });
    }
    replaceRoles(
      store,
      organizationId,
      userId,
      fields(request, "roleId").filter((id) => known.has(id)),
    );
    response.redirect(303, `/emulator?changed=${encodeURIComponent(userId)}#${encodeURIComponent(organizationId)}`);
  });
  return router;
}

const nameOf = ({ name, username, primaryEmail, id }: Pick<StoredUser, "name" | "username" | "primaryEmail" | "id">) =>
  name ?? username ?? primaryEmail ?? id;

function organizationPart(
  { id, name, description }: Organization,
  members: readonly Member[],
  roles: readonly OrganizationRole[],
): Html {
  return html`<article id="${id}">
    <h3>${name}</h3>
    <p class="quiet">${id}${description ? html` · ${description}` : ""}</p>
    ${
      members.length === 0
        ? html`<p>Nobody is a member.</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="Members of ${name}">
            <table>
              <thead>
                <tr>
                  <th scope="col">Member</th>
                  <th scope="col">E-mail</th>
                  <th scope="col">Roles</th>
                </tr>
              </thead>
              <tbody>
                ${members.map((member) => memberRow(id, member, roles))}
              </tbody>
            </table>
          </div>`
    }
  </article>`;
}

function memberRow(organizationId: string, member: Member, roles: readonly OrganizationRole[]): Html {
  const held = new Set(member.organizationRoles.map(({ id }) => id));
  return html`<tr class="member">
    <th scope="row">${nameOf(member)}</th>
    <td>${member.primaryEmail}</td>
    <td>
      <form method="post" action="/emulator/member-roles">
        <input type="hidden" name="organizationId" value="${organizationId}" /><input
          type="hidden"
          name="userId"
          value="${member.id}"
        />
        <fieldset>
          <legend>Roles of ${nameOf(member)}</legend>
          ${roles.map(({ id, name }) => html`<label class="choice"><input type="checkbox" name="roleId" value="${id}" ${held.has(id) ? " checked" : ""} /> ${name}</label>`)}
        </fieldset>
        ${roles.length === 0 ? html`<span class="quiet">No roles exist yet.</span>` : html`<button class="plain" aria-label="Save the roles of ${nameOf(member)}">Save</button>`}
      </form>
    </td>
  </tr>`;
}

function rolesPart(store: Store, roles: readonly OrganizationRole[]): Html {
  if (roles.length === 0) return html`<p>The organization template has no roles yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Roles">
    <table>
      <thead>
        <tr>
          <th scope="col">Role</th>
          <th scope="col">Permissions</th>
        </tr>
      </thead>
      <tbody>
        ${roles.map(
          ({ id, name }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>
                ${scopesOfRole(store, id)
                  .map((scope) => scope.name)
                  .join(", ")}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function peoplePart(people: readonly StoredUser[]): Html {
  if (people.length === 0) return html`<p>Nobody has an account yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="People">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">E-mail</th>
          <th scope="col">Id</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${people.map(
          (person) =>
            html`<tr>
              <th scope="row">${nameOf(person)}</th>
              <td>${person.primaryEmail}</td>
              <td>${person.id}</td>
              <td>${person.isSuspended ? "suspended" : "active"}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function applicationsPart(store: Store): Html {
  const sql = "select * from applications order by created_at, rowid limit 200";
  const applications = store.list<StoredApplication>(applicationTable, sql);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Applications">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Id</th>
          <th scope="col">Secrets</th>
        </tr>
      </thead>
      <tbody>
        ${applications.map(
          ({ id, name, type }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${type}</td>
              <td>${id}</td>
              <td>
                ${secretsOf(store, id).map(
                  (secret) =>
                    html`<details>
                      <summary>${secret.name}</summary>
                      ${secret.value}
                    </details>`,
                )}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
