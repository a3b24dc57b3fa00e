CREATE TABLE `account_deletions` (
	`user_id` text PRIMARY KEY NOT NULL,
	`goes` text NOT NULL,
	`leaves` text NOT NULL,
	`asked_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
DROP INDEX `invitations_to_withdraw`;--> statement-breakpoint
CREATE INDEX `invitations_to_withdraw` ON `invitations` (`logto_organization_id`,`status`) WHERE "invitations"."status" in ('declined', 'revoked', 'expired') and ("invitations"."logto_id" is not null or "invitations"."made" < "invitations"."wanted");