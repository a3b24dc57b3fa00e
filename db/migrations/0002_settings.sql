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
CREATE INDEX `organization_settings_to_rename` ON `organization_settings` (`wanted_name`);