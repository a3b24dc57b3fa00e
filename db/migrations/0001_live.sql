DROP INDEX `invitations_to_withdraw`;--> statement-breakpoint
CREATE INDEX `invitations_to_withdraw` ON `invitations` (`logto_organization_id`,`status`) WHERE "invitations"."status" in ('declined', 'revoked', 'expired') and ("invitations"."logto_id" is not null or "invitations"."made" < "invitations"."wanted");--> statement-breakpoint
ALTER TABLE `members` ADD `role_given` text;--> statement-breakpoint
ALTER TABLE `members` ADD `role_given_by` text;--> statement-breakpoint
ALTER TABLE `members` ADD `role_given_at` integer;