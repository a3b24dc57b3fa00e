// Logto's refusals: a status, a code that applications match on, and a sentence.

const messages: Record<string, string> = {
  "application.invalid_type": "Only machine to machine applications can have associated roles.",
  "application.secret_name_exists": "Secret name already exists for this application.",
  "auth.authorization_header_missing": "Authorization header is missing.",
  "auth.authorization_token_type_not_supported": "Authorization type is not supported.",
  "auth.forbidden": "Forbidden. Please check your user roles and permissions.",
  "auth.unauthorized": "Unauthorized. Please check credentials and its scope.",
  "connector.cannot_overwrite_metadata_for_non_standard_connector":
    "This connector's 'metadata' cannot be overwritten.",
  "connector.email_connector.bulk_deletion_no_filter": "Filter is required for bulk deletion.",
  "connector.general": "Error occurred in connector.",
  "connector.invalid_config": "The connector's config is invalid.",
  "connector.not_found": "Cannot find any available connector for type: Email.",
  "connector.not_found_with_connector_id": "Cannot find connector with given standard connector id.",
  "entity.invalid_input": "Invalid input. Value list must not be empty.",
  "entity.not_found": "The resource does not exist.",
  "entity.relation_foreign_key_not_found":
    "Cannot find one or more foreign keys. Please check the input and ensure that all referenced entities exist.",
  "entity.unique_integrity_violation": "The entity already exists. Please check the input and try again.",
  "guard.invalid_input": "The request body is invalid.",
  "guard.invalid_pagination": "The request pagination value is invalid.",
  "hook.endpoint_responded_with_error": "Endpoint responded with error.",
  "hook.missing_events": "You need to provide at least one event.",
  "hook.send_test_payload_failed": "Failed to send test payload.",
  "one_time_token.cannot_reactivate_token": "Cannot reactivate one-time token.",
  "one_time_token.email_mismatch": "Email mismatch with the given token.",
  "one_time_token.token_consumed": "The token has been consumed.",
  "one_time_token.token_expired": "The token has expired.",
  "one_time_token.token_not_found": "Active token not found with given email and token.",
  "one_time_token.token_revoked": "The token has been revoked.",
  "organization.require_membership": "The user must be a member of the organization to proceed.",
  "organization.role_names_not_found": "Some of the organization role names are not found.",
  "password.rejected": "Password rejected. Please check your password meets the requirements.",
  "request.invalid_input": "Input is invalid.",
  "request.message_rate_limited": "Too many messages sent to this recipient. Please try again later.",
  "resource.cannot_delete_management_api": "Cannot delete Logto management API.",
  "resource.cannot_modify_management_api": "Cannot modify Logto management API.",
  "resource.resource_identifier_in_use": "The API resource with the given identifier is already in use.",
  "session.identifier_not_found": "User identifier not found. Please go back and sign in again.",
  "session.interaction_not_found": "Interaction session not found. Please go back and start the session again.",
  "session.invalid_credentials": "Incorrect account or password. Please check your input.",
  "session.not_found": "Session not found. Please go back and sign in again.",
  "session.verification_failed": "The verification was not successful. Restart the verification flow and try again.",
  "session.verification_session_not_found":
    "The verification was not successful. Restart the verification flow and try again.",
  "sign_in_experiences.at_least_one_authentication_factor": "You have to select at least one authentication factor.",
  "sign_in_experiences.enabled_connector_not_found": "Enabled Email connector not found.",
  "sign_in_experiences.forgot_password_method_requires_connector":
    "Forgot password method requires a corresponding connector to be set up.",
  "sign_in_experiences.passwordless_requires_verify":
    "You have to enable verify for an email/phone sign-up identifier.",
  "sign_in_experiences.unsupported_default_language": "This language is not supported at the moment.",
  "user.email_already_in_use": "This email is associated with an existing account.",
  "user.email_not_exist": "The email address has not been registered yet.",
  "user.missing_profile": "You need to provide additional info before signing-in.",
  "user.suspended": "This account is suspended.",
  "user.user_not_exist": "User with the identifier does not exist.",
  "user.username_already_in_use": "This username is already in use.",
  "user.phone_already_in_use": "This phone number is associated with an existing account.",
  "verification_code.code_mismatch": "Invalid verification code.",
  "verification_code.expired": "Verification code has expired. Resend verification code.",
  "verification_code.exceed_max_try": "Verification code exceeded maximum tries. Resend verification code.",
  "verification_code.not_found": "Verification code not found. Please send verification code first.",
};

/** A refusal as Logto answers it: `{code, message, data?, details?}`. */
export class LogtoError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly more: { message?: string; data?: unknown; details?: string } = {},
  ) {
    super(more.message ?? messages[code] ?? code);
  }

  get body() {
    const { data, details } = this.more;
    return {
      ...(this.code === "" ? {} : { code: this.code }),
      message: this.message,
      ...(data === undefined ? {} : { data }),
      ...(details === undefined ? {} : { details }),
    };
  }
}

/** 404 of users, members, invitations and organization roles, and of deleting anything that is not there. */
export const notFound = () => new LogtoError(404, "entity.not_found");

/** 404 of reading one organization, organization scope, hook, application, ... ; `entity` is the table's name. */
export const notExistsWithId = (entity: string, id: string) =>
  new LogtoError(404, "entity.not_exists_with_id", { message: `The ${entity} with ID \`${id}\` does not exist.` });

/** 404 of changing one of the same. */
export const notExists = (entity: string) =>
  new LogtoError(404, "entity.not_exists", { message: `The ${entity} does not exist.` });

/** 422 (or 400) whose code says nothing: only the sentence tells one from another. */
export const invalidInput = (details: string, status = 422) =>
  new LogtoError(status, "request.invalid_input", { message: `Input is invalid. ${details}` });

/** 500 where Logto itself fails: no code. */
export const serverError = () => new LogtoError(500, "", { message: "Internal server error." });

/** What a constraint of the database refused, in Logto's words; undefined for any other error. */
export function constraintError(error: unknown): LogtoError | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "SQLITE_CONSTRAINT_FOREIGNKEY") return new LogtoError(422, "entity.relation_foreign_key_not_found");
  if (code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY") {
    return new LogtoError(422, "entity.unique_integrity_violation");
  }
  return undefined;
}
