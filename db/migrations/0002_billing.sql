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
CREATE UNIQUE INDEX `plan_choices_of_day` ON `plan_choices` (`logto_organization_id`,`starts_on`);