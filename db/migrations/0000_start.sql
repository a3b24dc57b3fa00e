CREATE TABLE `comments` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`post_id` text NOT NULL,
	`author_id` text NOT NULL,
	`body` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `id`),
	FOREIGN KEY (`logto_organization_id`,`post_id`) REFERENCES `posts`(`logto_organization_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`logto_organization_id`,`author_id`) REFERENCES `members`(`logto_organization_id`,`user_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `comments_of_post` ON `comments` (`logto_organization_id`,`post_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `comments_by_author` ON `comments` (`logto_organization_id`,`author_id`);--> statement-breakpoint
CREATE TABLE `invitation_links` (
	`logto_organization_id` text NOT NULL,
	`id` text PRIMARY KEY NOT NULL,
	`address_key` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `invitation_links_of_address` ON `invitation_links` (`address_key`);--> statement-breakpoint
CREATE INDEX `invitation_links_of_organization` ON `invitation_links` (`logto_organization_id`);--> statement-breakpoint
CREATE TABLE `invitation_requests` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`invitation_id` text NOT NULL,
	`kind` text NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL,
	`handled_at` integer,
	PRIMARY KEY(`logto_organization_id`, `id`),
	FOREIGN KEY (`logto_organization_id`,`invitation_id`) REFERENCES `invitations`(`logto_organization_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `invitation_requests_open` ON `invitation_requests` (`logto_organization_id`,`handled_at`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `invitation_requests_once` ON `invitation_requests` (`logto_organization_id`,`invitation_id`,`kind`,`address`);--> statement-breakpoint
CREATE TABLE `invitations` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`address` text NOT NULL,
	`address_key` text NOT NULL,
	`role_id` text NOT NULL,
	`role_name` text NOT NULL,
	`note` text NOT NULL,
	`status` text NOT NULL,
	`generation` integer DEFAULT 1 NOT NULL,
	`days` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`invited_by` text NOT NULL,
	`batch` text NOT NULL,
	`delivery` text NOT NULL,
	`sent_count` integer DEFAULT 0 NOT NULL,
	`last_sent_at` integer,
	`logto_id` text,
	`wanted` integer DEFAULT 1 NOT NULL,
	`made` integer DEFAULT 0 NOT NULL,
	`accepted_by` text,
	`claimed_at` integer,
	`decided_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `id`),
	FOREIGN KEY (`logto_organization_id`,`invited_by`) REFERENCES `members`(`logto_organization_id`,`user_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "invitations_status" CHECK("invitations"."status" in ('pending', 'accepting', 'accepted', 'declined', 'revoked', 'expired'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_open_once` ON `invitations` (`logto_organization_id`,`address_key`) WHERE "invitations"."status" in ('pending', 'accepting');--> statement-breakpoint
CREATE INDEX `invitations_newest` ON `invitations` (`logto_organization_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invitations_by_status` ON `invitations` (`logto_organization_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invitations_by_inviter` ON `invitations` (`logto_organization_id`,`invited_by`);--> statement-breakpoint
CREATE INDEX `invitations_to_withdraw` ON `invitations` (`logto_organization_id`,`logto_id`) WHERE "invitations"."logto_id" is not null and "invitations"."status" in ('declined', 'revoked', 'expired');--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_of_batch` ON `invitations` (`logto_organization_id`,`batch`,`address_key`);--> statement-breakpoint
CREATE TABLE `members` (
	`logto_organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`logto_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`joined_at` integer NOT NULL,
	`last_active_at` integer NOT NULL,
	`leaving_at` integer,
	`left_at` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`logto_organization_id`, `user_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `members_of_logto` ON `members` (`logto_organization_id`,`logto_id`);--> statement-breakpoint
CREATE TABLE `new_organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`organization_id` text,
	`leased_until` integer,
	`finished_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `new_organizations_once` ON `new_organizations` (`user_id`,`key`);--> statement-breakpoint
CREATE TABLE `organization_locks` (
	`organization_id` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`colour` integer NOT NULL,
	`created_at` integer NOT NULL,
	CONSTRAINT "organizations_colour" CHECK("organizations"."colour" between 0 and 11)
);
--> statement-breakpoint
CREATE TABLE `posts` (
	`logto_organization_id` text NOT NULL,
	`id` text NOT NULL,
	`author_id` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	`status` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`published_at` integer,
	PRIMARY KEY(`logto_organization_id`, `id`),
	FOREIGN KEY (`logto_organization_id`,`author_id`) REFERENCES `members`(`logto_organization_id`,`user_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "posts_status" CHECK("posts"."status" in ('draft', 'published', 'archived'))
);
--> statement-breakpoint
CREATE INDEX `posts_newest` ON `posts` (`logto_organization_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `posts_by_status` ON `posts` (`logto_organization_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `posts_by_author` ON `posts` (`logto_organization_id`,`author_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`organization_id` text,
	`items` text NOT NULL,
	`organizations` text DEFAULT '[]' NOT NULL,
	`answer` text,
	`version` integer DEFAULT 1 NOT NULL,
	`epoch` integer DEFAULT 1 NOT NULL,
	`granted_permissions` text DEFAULT '[]' NOT NULL,
	`tried_permissions` text DEFAULT '[]' NOT NULL,
	`reconsent_state` text,
	`notice` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_organization` ON `sessions` (`organization_id`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`logto_id` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_organization_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_logto_id_unique` ON `users` (`logto_id`);