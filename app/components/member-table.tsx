// Who is in the organization, and what can be done with each.
import { Link } from "@remix-run/react";
import { ChevronDown } from "lucide-react";
import { paths } from "../paths";
import { Badge } from "./badge";
import { menuRow, useMenu } from "./menu";
import { PersonMark } from "./person-mark";
import { meaningOf, type ShownRole } from "./role-choice";
import { RowMenu, RowMenuLink, RowMenuNote } from "./row-menu";
import { Cell, Row, Table, type Column } from "./table";
import { Time } from "./time";
import { inWords } from "./words";

export interface ShownMember {
  id: string;
  name: string;
  email: string;
  isYou: boolean;
  roles: { id: string; name: string }[];
  joinedAt: Date | null;
  lastActiveAt: Date | null;
  /** Why the reader, who changes roles, cannot change this one. */
  fixedBecause?: string;
  /** False for the only one who manages the members. */
  canLeave: boolean;
}

interface MemberTableProps {
  people: ShownMember[];
  /** Those that the reader may give. */
  roles: ShownRole[];
  organizationName: string;
  canManage: boolean;
}

const columns: Column[] = [
  { name: "Person" },
  { name: "Role", width: "w-40", spare: true },
  { name: "Joined", width: "w-51", spare: "xl" },
  { name: "Last active", width: "w-51", spare: "lg" },
  { name: "Actions", width: "w-16", hidden: true },
];

export function MemberTable({ people, ...rest }: MemberTableProps) {
  return (
    <Table caption="Members" columns={columns}>
      {people.map((person) => (
        <MemberRow key={person.id} person={person} {...rest} />
      ))}
    </Table>
  );
}

function MemberRow({
  person,
  roles,
  organizationName,
  canManage,
}: Omit<MemberTableProps, "people"> & { person: ShownMember }) {
  const role = inWords(person.roles.map(({ name }) => name)) || "No role";
  return (
    <Row>
      <Cell>
        <div className="flex items-center gap-3">
          <PersonMark name={person.name} />
          <div className="min-w-0">
            <p className="flex items-center gap-2">
              <span className="truncate font-medium">{person.name}</span>
              {person.isYou && <Badge tone="accent">You</Badge>}
            </p>
            {person.email && <p className="truncate text-xs text-muted">{person.email}</p>}
            <p className="text-xs text-muted sm:hidden">{role}</p>
          </div>
        </div>
      </Cell>
      <Cell spare>
        {canManage ? (
          <RoleMenu person={person} role={role} roles={roles} />
        ) : (
          <span className="line-clamp-2 wrap-anywhere">{role}</span>
        )}
      </Cell>
      <Cell spare="xl" className="text-muted">
        {person.joinedAt ? <Time at={person.joinedAt} /> : "Not seen yet"}
      </Cell>
      <Cell spare="lg" className="text-muted">
        {person.lastActiveAt ? <Time at={person.lastActiveAt} /> : "Not seen yet"}
      </Cell>
      <Cell align="right">
        <Actions person={person} organizationName={organizationName} canManage={canManage} />
      </Cell>
    </Row>
  );
}

/** Each role leads to the page that says what changes and asks. */
function RoleMenu({ person, role, roles }: { person: ShownMember; role: string; roles: ShownRole[] }) {
  const menu = useMenu();
  return (
    <details {...menu} className="group relative -mx-2 -my-1">
      <summary
        aria-label={`Role of ${person.name}: ${role}`}
        className="flex min-h-8 items-center gap-1 rounded-control px-2 group-open:bg-sunken hover:bg-sunken"
      >
        <span className="truncate">{role}</span>
        <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
      </summary>
      <div className="absolute top-full left-0 z-10 mt-1 w-72 rounded-panel border border-line bg-surface p-1.5 shadow-pop">
        {person.fixedBecause ? (
          <RowMenuNote>{person.fixedBecause}</RowMenuNote>
        ) : (
          roles.map((choice) => <RoleLink key={choice.id} person={person} choice={choice} />)
        )}
      </div>
    </details>
  );
}

function RoleLink({ person, choice }: { person: ShownMember; choice: ShownRole }) {
  return (
    <Link
      {...menuRow(choice.name)}
      to={paths.memberRole(person.id, choice.id)}
      aria-current={person.roles.some(({ id }) => id === choice.id) ? "true" : undefined}
      className="block rounded-control px-2 py-1.5 -outline-offset-1 hover:bg-sunken aria-[current=true]:bg-accent-soft"
    >
      <span className="block font-medium wrap-anywhere">{choice.name}</span>
      <span className="block text-xs text-muted">{meaningOf(choice)}</span>
    </Link>
  );
}

type ActionsProps = Pick<MemberTableProps, "organizationName" | "canManage"> & { person: ShownMember };

function Actions({ person, organizationName, canManage }: ActionsProps) {
  if (!canManage && !person.isYou) return null;
  return (
    <RowMenu of={person.name}>
      {canManage && !person.fixedBecause && <RowMenuLink to={paths.memberRole(person.id)}>Change role</RowMenuLink>}
      {canManage && !person.isYou && (
        <RowMenuLink to={paths.removeMember(person.id)} danger>
          {`Remove ${person.name}`}
        </RowMenuLink>
      )}
      {person.isYou && person.canLeave && (
        <RowMenuLink to={paths.leave} danger>
          {`Leave ${organizationName}`}
        </RowMenuLink>
      )}
      {person.fixedBecause && <RowMenuNote>{person.fixedBecause}</RowMenuNote>}
    </RowMenu>
  );
}
