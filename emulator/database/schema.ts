// What the emulator keeps, as SQL. Foreign keys and unique keys are Logto's: their violations become Logto's 422 answers.

export const schema = `
create table if not exists settings (key text primary key, value text not null) strict, without rowid;

create table if not exists users (
  id text primary key, username text unique, primary_email text, primary_phone text, name text, avatar text,
  custom_data text not null default '{}', identities text not null default '{}', profile text not null default '{}',
  application_id text, is_suspended integer not null default 0, password text, last_sign_in_at integer,
  created_at integer not null, updated_at integer not null) strict;
create unique index if not exists users_email on users (lower(primary_email));

create table if not exists organizations (
  id text primary key, name text not null, description text, custom_data text not null default '{}',
  is_mfa_required integer not null default 0, color text not null default '{}', branding text not null default '{}',
  custom_css text, created_at integer not null) strict;
create table if not exists organization_users (
  organization_id text not null references organizations on delete cascade,
  user_id text not null references users on delete cascade,
  primary key (organization_id, user_id)) strict, without rowid;
create index if not exists organization_users_user on organization_users (user_id);

create table if not exists organization_roles (
  id text primary key, name text not null unique, description text, type text not null default 'User') strict;
create table if not exists organization_scopes (
  id text primary key, name text not null unique, description text) strict;
create table if not exists organization_role_scopes (
  role_id text not null references organization_roles on delete cascade,
  scope_id text not null references organization_scopes on delete cascade,
  primary key (role_id, scope_id)) strict, without rowid;
create table if not exists organization_user_roles (
  organization_id text not null, user_id text not null,
  role_id text not null references organization_roles on delete cascade,
  primary key (organization_id, user_id, role_id),
  foreign key (organization_id, user_id) references organization_users on delete cascade) strict, without rowid;
create index if not exists organization_user_roles_user on organization_user_roles (user_id);

create table if not exists organization_email_domains (
  organization_id text not null references organizations on delete cascade, email_domain text not null,
  primary key (organization_id, email_domain)) strict, without rowid;
create table if not exists organization_jit_roles (
  organization_id text not null references organizations on delete cascade,
  role_id text not null references organization_roles on delete cascade,
  primary key (organization_id, role_id)) strict, without rowid;

create table if not exists organization_invitations (
  id text primary key, inviter_id text references users on delete cascade, invitee text not null,
  accepted_user_id text references users on delete cascade,
  organization_id text not null references organizations on delete cascade, status text not null,
  created_at integer not null, updated_at integer not null, expires_at integer not null) strict;
create unique index if not exists organization_invitations_pending
  on organization_invitations (organization_id, invitee) where status = 'Pending';
create table if not exists organization_invitation_roles (
  invitation_id text not null references organization_invitations on delete cascade,
  role_id text not null references organization_roles on delete cascade,
  primary key (invitation_id, role_id)) strict, without rowid;

create table if not exists one_time_tokens (
  id text primary key, email text not null, token text not null unique, context text not null default '{}',
  status text not null, created_at integer not null, expires_at integer not null) strict;

create table if not exists applications (
  id text primary key, name text not null, description text, type text not null,
  oidc_client_metadata text not null, custom_client_metadata text not null default '{}', protected_app_metadata text,
  custom_data text not null default '{}', is_third_party integer not null default 0,
  app_level_access_control_enabled integer not null default 0, is_admin integer not null default 0,
  created_at integer not null) strict;
create table if not exists application_secrets (
  application_id text not null references applications on delete cascade, name text not null, value text not null,
  created_at integer not null, expires_at integer, primary key (application_id, name)) strict;
create table if not exists resources (
  id text primary key, name text not null, indicator text not null unique, is_default integer not null default 0,
  access_token_ttl integer not null default 3600) strict;
create table if not exists scopes (
  id text primary key, resource_id text not null references resources on delete cascade, name text not null,
  description text, created_at integer not null, unique (resource_id, name)) strict;
create table if not exists roles (
  id text primary key, name text not null unique, description text, type text not null,
  is_default integer not null default 0) strict;
create table if not exists role_scopes (
  role_id text not null references roles on delete cascade, scope_id text not null references scopes on delete cascade,
  primary key (role_id, scope_id)) strict, without rowid;
create table if not exists application_roles (
  application_id text not null references applications on delete cascade,
  role_id text not null references roles on delete cascade,
  primary key (application_id, role_id)) strict, without rowid;

create table if not exists hooks (
  id text primary key, name text not null, event text, events text not null, config text not null,
  signing_key text not null, enabled integer not null default 1, created_at integer not null) strict;
create table if not exists hook_logs (
  id text primary key, hook_id text not null, key text not null, payload text not null,
  created_at integer not null) strict;
create index if not exists hook_logs_hook on hook_logs (hook_id, created_at);
create table if not exists connectors (
  id text primary key, connector_id text not null, config text not null, metadata text not null default '{}',
  sync_profile integer not null default 0, enable_token_storage integer not null default 0,
  created_at integer not null) strict;
create table if not exists email_templates (
  id text primary key, language_tag text not null, template_type text not null, details text not null,
  created_at integer not null, unique (language_tag, template_type)) strict;

create table if not exists mails (
  id integer primary key autoincrement, recipient text not null, type text not null, payload text not null,
  message text, sent_at integer not null) strict;
create table if not exists mail_attempts (recipient text not null, sent_at integer not null) strict;
create index if not exists mail_attempts_recipient on mail_attempts (recipient, sent_at);

create table if not exists interactions (
  uid text primary key, state text not null, expires_at integer not null) strict, without rowid;
create table if not exists oidc_payloads (
  model text not null, id text not null, payload text not null, grant_id text, uid text, account_id text,
  expires_at integer, consumed_at integer, primary key (model, id)) strict, without rowid;
create index if not exists oidc_payloads_grant on oidc_payloads (grant_id) where grant_id is not null;
create index if not exists oidc_payloads_uid on oidc_payloads (model, uid) where uid is not null;
create index if not exists oidc_payloads_account on oidc_payloads (account_id) where account_id is not null;
`;
