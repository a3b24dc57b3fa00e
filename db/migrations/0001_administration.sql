CREATE TABLE `account_deletions` (
	`user_id` text PRIMARY KEY NOT NULL,
	`goes` text NOT NULL,
	`leaves` text NOT NULL,
	`asked_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `audit_events` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`actor_name` text NOT NULL,
	`actor_email` text,
	`action` text NOT NULL,
	`target_type` text,
	`target_id` text,
	`target_name` text,
	`from_value` text,
	`to_value` text,
	`result` text NOT NULL,
	`reason` text,
	`times` integer DEFAULT 1 NOT NULL,
	`address` text,
	`user_agent` text,
	`correlation_id` text,
	PRIMARY KEY(`logto_organization_id`, `id`),
	CONSTRAINT "audit_events_result" CHECK("audit_events"."result" in ('done', 'failed', 'asked', 'refused'))
);
--> statement-breakpoint
CREATE INDEX `audit_events_newest` ON `audit_events` (`logto_organization_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_by_actor` ON `audit_events` (`logto_organization_id`,`actor_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_by_action` ON `audit_events` (`logto_organization_id`,`action`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_by_result` ON `audit_events` (`logto_organization_id`,`result`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_of_target` ON `audit_events` (`logto_organization_id`,`target_type`,`target_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `audit_refusals` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`written_at` integer NOT NULL,
	`held` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `billing_details` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`company` text NOT NULL,
	`line1` text NOT NULL,
	`line2` text NOT NULL,
	`postal_code` text NOT NULL,
	`city` text NOT NULL,
	`country` text NOT NULL,
	`tax_id` text NOT NULL,
	`email` text NOT NULL,
	`purchase_order` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `billing_details_version` ON `billing_details` (`logto_organization_id`,`version`);--> statement-breakpoint
CREATE TABLE `export_files` (
	`logto_organization_id` text NOT NULL,
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`status` text NOT NULL,
	`total` integer,
	`done` integer DEFAULT 0 NOT NULL,
	`bytes` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`leased_until` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	CONSTRAINT "export_files_status" CHECK("export_files"."status" in ('waiting', 'ready', 'failed'))
);
--> statement-breakpoint
CREATE INDEX `export_files_of_organization` ON `export_files` (`logto_organization_id`,`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `export_files_by_status` ON `export_files` (`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `export_files_expiry` ON `export_files` (`expires_at`);--> statement-breakpoint
CREATE TABLE `invitation_domains` (
	`logto_organization_id` text NOT NULL,
	`domain` text NOT NULL,
	`added_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `domain`)
);
--> statement-breakpoint
CREATE TABLE `invoices` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`number` integer NOT NULL,
	`plan` text NOT NULL,
	`starts_on` text NOT NULL,
	`ends_on` text NOT NULL,
	`currency` text NOT NULL,
	`lines` text NOT NULL,
	`bill_to` text NOT NULL,
	`status` text NOT NULL,
	`issued_on` text NOT NULL,
	`due_on` text NOT NULL,
	`settled_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `id`),
	CONSTRAINT "invoices_status" CHECK("invoices"."status" in ('open', 'paid', 'void'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_number` ON `invoices` (`logto_organization_id`,`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_once` ON `invoices` (`logto_organization_id`,`starts_on`);--> statement-breakpoint
CREATE TABLE `organization_settings` (
	`logto_organization_id` text PRIMARY KEY NOT NULL,
	`colour` integer,
	`wanted_name` text,
	`invitation_role_id` text,
	`invitation_days` integer,
	`deletion_asked_by` text,
	`deletion_asked_at` integer,
	`deletes_at` integer,
	`erasing_at` integer,
	`updated_at` integer NOT NULL,
	CONSTRAINT "organization_settings_colour" CHECK("organization_settings"."colour" between 0 and 11)
);
--> statement-breakpoint
CREATE INDEX `organization_settings_to_delete` ON `organization_settings` (`deletes_at`);--> statement-breakpoint
CREATE INDEX `organization_settings_to_rename` ON `organization_settings` (`wanted_name`);--> statement-breakpoint
CREATE TABLE `plan_choices` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`plan` text NOT NULL,
	`starts_on` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `id`),
	CONSTRAINT "plan_choices_plan" CHECK("plan_choices"."plan" in ('free', 'team', 'business'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `plan_choices_of_day` ON `plan_choices` (`logto_organization_id`,`starts_on`);--> statement-breakpoint
DROP INDEX `invitations_to_withdraw`;--> statement-breakpoint
CREATE INDEX `invitations_to_withdraw` ON `invitations` (`logto_organization_id`,`status`) WHERE "invitations"."status" in ('declined', 'revoked', 'expired') and ("invitations"."logto_id" is not null or "invitations"."made" < "invitations"."wanted");--> statement-breakpoint
ALTER TABLE `members` ADD `role_given` text;--> statement-breakpoint
ALTER TABLE `members` ADD `role_given_by` text;--> statement-breakpoint
ALTER TABLE `members` ADD `role_given_at` integer;