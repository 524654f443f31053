/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-lambda.h"

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape get_function_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { "Qualifier", .place = AWS_PLACE_QUERY },
  { NULL }
};

static const AwsShape environment_answer_members[] = {
  { "Variables", AWS_MAP_OF ({ NULL }) },
  { NULL }
};

static const AwsShape logging_members[] = {
  { "LogFormat" },
  { "LogGroup" },
  { NULL }
};

static const AwsShape function_members[] = {
  { "FunctionName" },
  { "FunctionArn" },
  { "Runtime" },
  { "Role" },
  { "Handler" },
  { "CodeSize", AWS_SHAPE_INTEGER },
  { "Description" },
  { "Timeout", AWS_SHAPE_INTEGER },
  { "MemorySize", AWS_SHAPE_INTEGER },
  { "LastModified" },
  { "CodeSha256" },
  { "Version" },
  { "Environment", AWS_STRUCTURE (environment_answer_members) },
  { "RevisionId" },
  { "State" },
  { "StateReason" },
  { "StateReasonCode" },
  { "LastUpdateStatus" },
  { "LastUpdateStatusReason" },
  { "LastUpdateStatusReasonCode" },
  { "PackageType" },
  { "Architectures", AWS_LIST_OF ({ NULL }) },
  { "LoggingConfig", AWS_STRUCTURE (logging_members) },
  { NULL }
};

static const AwsShape code_members[] = {
  { "RepositoryType" },
  { "Location" },
  { NULL }
};

static const AwsShape concurrency_members[] = {
  { "ReservedConcurrentExecutions", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape get_function_output[] = {
  { "Configuration", AWS_STRUCTURE (function_members) },
  { "Code", AWS_STRUCTURE (code_members) },
  { "Tags", AWS_MAP_OF ({ NULL }) },
  { "Concurrency", AWS_STRUCTURE (concurrency_members) },
  { NULL }
};

static const AwsOperation get_function = {
  "lambda", "GetFunction", "GET", "/2015-03-31/functions/{FunctionName}", .input = get_function_input,
  .output = get_function_output,
};

static const AwsShape get_function_configuration_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { "Qualifier", .place = AWS_PLACE_QUERY },
  { NULL }
};

static const AwsOperation get_function_configuration = {
  "lambda", "GetFunctionConfiguration", "GET", "/2015-03-31/functions/{FunctionName}/configuration",
  .input = get_function_configuration_input, .output = function_members,
};

static const AwsShape update_function_code_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { "ZipFile", AWS_SHAPE_BLOB },
  { "Publish", AWS_SHAPE_BOOLEAN },
  { "DryRun", AWS_SHAPE_BOOLEAN },
  { "RevisionId" },
  { NULL }
};

static const AwsOperation update_function_code = {
  "lambda", "UpdateFunctionCode", "PUT", "/2015-03-31/functions/{FunctionName}/code",
  .input = update_function_code_input, .output = function_members,
};

static const AwsShape environment_members[] = {
  { "Variables", AWS_MAP_OF ({ NULL }) },
  { NULL }
};

static const AwsShape update_function_configuration_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { "Role" },
  { "Handler" },
  { "Description" },
  { "Timeout", AWS_SHAPE_INTEGER },
  { "MemorySize", AWS_SHAPE_INTEGER },
  { "Environment", AWS_STRUCTURE (environment_members) },
  { "Runtime" },
  { "RevisionId" },
  { "LoggingConfig", AWS_STRUCTURE (logging_members) },
  { NULL }
};

static const AwsOperation update_function_configuration = {
  "lambda", "UpdateFunctionConfiguration", "PUT", "/2015-03-31/functions/{FunctionName}/configuration",
  .input = update_function_configuration_input, .output = function_members,
};

static const AwsShape invoke_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { "InvocationType", .place = AWS_PLACE_HEADER, .wire_name = "X-Amz-Invocation-Type" },
  { "LogType", .place = AWS_PLACE_HEADER, .wire_name = "X-Amz-Log-Type" },
  { "Payload", AWS_SHAPE_BLOB, .place = AWS_PLACE_PAYLOAD },
  { "Qualifier", .place = AWS_PLACE_QUERY },
  { NULL }
};

static const AwsShape invoke_output[] = {
  { "StatusCode", AWS_SHAPE_INTEGER, .place = AWS_PLACE_STATUS },
  { "FunctionError", .place = AWS_PLACE_HEADER, .wire_name = "X-Amz-Function-Error" },
  { "LogResult", .place = AWS_PLACE_HEADER, .wire_name = "X-Amz-Log-Result" },
  { "Payload", AWS_SHAPE_BLOB, .place = AWS_PLACE_PAYLOAD },
  { "ExecutedVersion", .place = AWS_PLACE_HEADER, .wire_name = "X-Amz-Executed-Version" },
  { NULL }
};

static const AwsOperation invoke = {
  "lambda", "Invoke", NULL, "/2015-03-31/functions/{FunctionName}/invocations", .input = invoke_input,
  .output = invoke_output,
};

static const AwsShape limit_members[] = {
  { "TotalCodeSize", AWS_SHAPE_INTEGER },
  { "CodeSizeUnzipped", AWS_SHAPE_INTEGER },
  { "CodeSizeZipped", AWS_SHAPE_INTEGER },
  { "ConcurrentExecutions", AWS_SHAPE_INTEGER },
  { "UnreservedConcurrentExecutions", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape usage_members[] = {
  { "TotalCodeSize", AWS_SHAPE_INTEGER },
  { "FunctionCount", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape get_account_settings_output[] = {
  { "AccountLimit", AWS_STRUCTURE (limit_members) },
  { "AccountUsage", AWS_STRUCTURE (usage_members) },
  { NULL }
};

static const AwsOperation get_account_settings = {
  "lambda", "GetAccountSettings", "GET", "/2016-08-19/account-settings/", .output = get_account_settings_output,
};

static const AwsShape put_function_concurrency_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { "ReservedConcurrentExecutions", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape put_function_concurrency_output[] = {
  { "ReservedConcurrentExecutions", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsOperation put_function_concurrency = {
  "lambda", "PutFunctionConcurrency", "PUT", "/2017-10-31/functions/{FunctionName}/concurrency",
  .input = put_function_concurrency_input, .output = put_function_concurrency_output,
};

static const AwsShape delete_function_concurrency_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { NULL }
};

static const AwsOperation delete_function_concurrency = {
  "lambda", "DeleteFunctionConcurrency", "DELETE", "/2017-10-31/functions/{FunctionName}/concurrency",
  .input = delete_function_concurrency_input,
};

static const AwsShape get_function_concurrency_input[] = {
  { "FunctionName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, .place = AWS_PLACE_URI },
  { NULL }
};

static const AwsShape get_function_concurrency_output[] = {
  { "ReservedConcurrentExecutions", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsOperation get_function_concurrency = {
  "lambda", "GetFunctionConcurrency", "GET", "/2019-09-30/functions/{FunctionName}/concurrency",
  .input = get_function_concurrency_input, .output = get_function_concurrency_output,
};

const AwsOperation * const aws_lambda_operations[] = {
  &get_function,
  &get_function_configuration,
  &update_function_code,
  &update_function_configuration,
  &invoke,
  &get_account_settings,
  &put_function_concurrency,
  &delete_function_concurrency,
  &get_function_concurrency,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsLambdaFunction, aws_lambda_function)

/**
 * aws_lambda_function_get_name:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, name, "FunctionName")

/**
 * aws_lambda_function_get_arn:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, arn, "FunctionArn")

/**
 * aws_lambda_function_get_runtime:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): what runs it, like `nodejs22.x`
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, runtime, "Runtime")

/**
 * aws_lambda_function_get_handler:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the file and the function in it, like `index.handler`
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, handler, "Handler")

/**
 * aws_lambda_function_get_role:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the ARN of the role it runs as
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, role, "Role")

/**
 * aws_lambda_function_get_description:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): what it is for
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, description, "Description")

/**
 * aws_lambda_function_get_timeout:
 * @self: a function
 *
 * Returns: the longest time it may run, in seconds
 */
AWS_DOCUMENT_INT (AwsLambdaFunction, aws_lambda_function, timeout, "Timeout")

/**
 * aws_lambda_function_get_memory:
 * @self: a function
 *
 * Returns: its memory, in megabytes
 */
AWS_DOCUMENT_INT (AwsLambdaFunction, aws_lambda_function, memory, "MemorySize")

/**
 * aws_lambda_function_get_code_size:
 * @self: a function
 *
 * Returns: the size of its archive, in bytes
 */
AWS_DOCUMENT_INT (AwsLambdaFunction, aws_lambda_function, code_size, "CodeSize")

/**
 * aws_lambda_function_get_code_sha256:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the SHA-256 of its archive in Base64
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, code_sha256, "CodeSha256")

/**
 * aws_lambda_function_get_version:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the version, `$LATEST` for the one that is changed
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, version, "Version")

/**
 * aws_lambda_function_get_revision:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): what changes with every change; updates can be made to depend on it
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, revision, "RevisionId")

/**
 * aws_lambda_function_dup_changed:
 * @self: a function
 *
 * Returns: (transfer full) (nullable): when it was changed
 */
AWS_DOCUMENT_TIME (AwsLambdaFunction, aws_lambda_function, changed, "LastModified")

/**
 * aws_lambda_function_get_state:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): `Pending`, `Active`, `Inactive` or `Failed`
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, state, "State")

/**
 * aws_lambda_function_get_state_reason:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): why it is not active
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, state_reason, "StateReason")

/**
 * aws_lambda_function_get_update_status:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): `InProgress`, `Successful` or `Failed`
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, update_status, "LastUpdateStatus")

/**
 * aws_lambda_function_get_update_reason:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): why the last change failed
 */
AWS_DOCUMENT_STRING (AwsLambdaFunction, aws_lambda_function, update_reason, "LastUpdateStatusReason")

/**
 * aws_lambda_function_get_log_group:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the group that its messages go to
 */
AWS_DOCUMENT_INNER_STRING (AwsLambdaFunction, aws_lambda_function, log_group, "LoggingConfig", "LogGroup")

AWS_DEFINE_DOCUMENT (AwsLambdaPackage, aws_lambda_package)

/**
 * aws_lambda_package_get_code_location:
 * @self: a package
 *
 * Returns: (transfer none) (nullable): an address that gives the archive of the code for ten minutes, without
 *   signing
 */
AWS_DOCUMENT_INNER_STRING (AwsLambdaPackage, aws_lambda_package, code_location, "Code", "Location")

/**
 * aws_lambda_package_get_reserved_concurrency:
 * @self: a package
 *
 * Returns: how many of it may run at a time, -1 without a limit of its own
 */
gint64
aws_lambda_package_get_reserved_concurrency (AwsLambdaPackage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "Concurrency"), "ReservedConcurrentExecutions", -1);
}

AWS_DEFINE_DOCUMENT (AwsLambdaResult, aws_lambda_result)

/**
 * aws_lambda_result_get_status:
 * @self: a result
 *
 * Returns: 200 for an answer, 202 for an event that was taken, 204 for a trial
 */
AWS_DOCUMENT_INT (AwsLambdaResult, aws_lambda_result, status, "StatusCode")

/**
 * aws_lambda_result_get_error:
 * @self: a result
 *
 * Returns: (transfer none) (nullable): `Unhandled` if the function failed; the payload says how then
 */
AWS_DOCUMENT_STRING (AwsLambdaResult, aws_lambda_result, error, "FunctionError")

/**
 * aws_lambda_result_get_version:
 * @self: a result
 *
 * Returns: (transfer none) (nullable): the version that ran
 */
AWS_DOCUMENT_STRING (AwsLambdaResult, aws_lambda_result, version, "ExecutedVersion")

AWS_DEFINE_DOCUMENT (AwsLambdaAccount, aws_lambda_account)

/**
 * aws_lambda_account_get_concurrency:
 * @self: an account
 *
 * Returns: how many functions may run at a time
 */
gint64
aws_lambda_account_get_concurrency (AwsLambdaAccount *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "AccountLimit"), "ConcurrentExecutions", 0);
}

/**
 * aws_lambda_account_get_unreserved_concurrency:
 * @self: an account
 *
 * Returns: how many of those no function has reserved for itself
 */
gint64
aws_lambda_account_get_unreserved_concurrency (AwsLambdaAccount *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "AccountLimit"), "UnreservedConcurrentExecutions", 0);
}

/**
 * aws_lambda_account_get_code_limit:
 * @self: an account
 *
 * Returns: how much code may be kept, in bytes
 */
gint64
aws_lambda_account_get_code_limit (AwsLambdaAccount *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "AccountLimit"), "TotalCodeSize", 0);
}

/**
 * aws_lambda_account_get_code_size:
 * @self: an account
 *
 * Returns: how much code is kept, in bytes
 */
gint64
aws_lambda_account_get_code_size (AwsLambdaAccount *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "AccountUsage"), "TotalCodeSize", 0);
}

/**
 * aws_lambda_account_get_functions:
 * @self: an account
 *
 * Returns: how many functions there are
 */
gint64
aws_lambda_account_get_functions (AwsLambdaAccount *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return aws_json_get_int (aws_json_get_object (self->document.object, "AccountUsage"), "FunctionCount", 0);
}

AWS_DEFINE_DOCUMENT (AwsLambdaConcurrency, aws_lambda_concurrency)

/**
 * aws_lambda_concurrency_get_reserved:
 * @self: a limit
 *
 * Returns: how many may run at a time, -1 without a limit of its own, 0 if it is switched off
 */
gint64
aws_lambda_concurrency_get_reserved (AwsLambdaConcurrency *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return aws_json_get_int (self->document.object, "ReservedConcurrentExecutions", -1);
}

AWS_DEFINE_DOCUMENT (AwsLambdaChange, aws_lambda_change)

/**
 * aws_lambda_function_get_variable:
 * @self: a function
 * @name: the name of a variable of the environment
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_lambda_function_get_variable (AwsLambdaFunction *self,
                                  const char        *name)
{
  JsonObject *variables;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  variables = aws_json_get_object (aws_json_get_object (self->document.object, "Environment"), "Variables");

  return aws_json_get_string (variables, name);
}

/**
 * aws_lambda_package_dup_function:
 * @self: a package
 *
 * Returns: (transfer full) (nullable): how the function is set up
 */
AwsLambdaFunction *
aws_lambda_package_dup_function (AwsLambdaPackage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_document_dup_document (&self->document, "Configuration");
}

/**
 * aws_lambda_package_get_tag:
 * @self: a package
 * @name: the name of a tag
 *
 * Returns: (transfer none) (nullable): the value of the tag
 */
const char *
aws_lambda_package_get_tag (AwsLambdaPackage *self,
                            const char       *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return aws_json_get_string (aws_json_get_object (self->document.object, "Tags"), name);
}

static GBytes *
decode (const char *text)
{
  guchar *data;
  gsize length = 0;

  data = text != NULL ? g_base64_decode (text, &length) : NULL;

  return g_bytes_new_take (data, length);
}

/**
 * aws_lambda_result_dup_payload:
 * @self: a result
 *
 * Returns: (transfer full): what the function returned, JSON as a rule; of a function that failed an object with
 *   `errorType`, `errorMessage` and `trace`
 */
GBytes *
aws_lambda_result_dup_payload (AwsLambdaResult *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return decode (aws_json_get_string (self->document.object, "Payload"));
}

/**
 * aws_lambda_result_dup_log:
 * @self: a result
 *
 * Returns: (transfer full) (nullable): the last 4 KB of what the function logged, if that was asked for
 */
char *
aws_lambda_result_dup_log (AwsLambdaResult *self)
{
  const char *text;
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = aws_json_get_string (self->document.object, "LogResult");
  if (text == NULL)
    return NULL;

  bytes = decode (text);

  return g_utf8_make_valid (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static JsonObject *
new_input (const char *name)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "FunctionName", name);

  return input;
}

static void
set_bytes (JsonObject *input,
           const char *name,
           GBytes     *bytes)
{
  g_autofree char *text = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  aws_input_set_string (input, name, text);
}

/**
 * aws_lambda_get_function:
 * @client: the client
 * @name: the name or the ARN of a function
 *
 * Asks for a function, where its code is and how much of the account it has reserved.
 *
 * Returns: a future of an [struct@LambdaPackage]; a function that is not there is `AWS_ERROR_NOT_FOUND`
 */
DexFuture *
aws_lambda_get_function (AwsClient  *client,
                         const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_document (&get_function, client, new_input (name), AWS_TYPE_LAMBDA_PACKAGE, NULL);
}

/**
 * aws_lambda_get_function_configuration:
 * @client: the client
 * @name: the name or the ARN of a function
 *
 * Asks how a function is set up. That is also how the end of a change is waited for.
 *
 * Returns: a future of an [struct@LambdaFunction]
 */
DexFuture *
aws_lambda_get_function_configuration (AwsClient  *client,
                                       const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_document (&get_function_configuration, client, new_input (name), AWS_TYPE_LAMBDA_FUNCTION, NULL);
}

/**
 * aws_lambda_update_function_code:
 * @client: the client
 * @name: the name or the ARN of a function
 * @archive: a ZIP archive with the code, at most 50 MB
 * @revision: (nullable): the revision that the function must have, else the answer is
 *   `PreconditionFailedException`
 * @publish: whether to keep this state as a version
 * @dry_run: whether only to check the archive
 *
 * Replaces the code of a function. It takes effect once the status of the update is `Successful`; a second update
 * before that is refused with `ResourceConflictException`.
 *
 * Returns: a future of an [struct@LambdaFunction]
 */
DexFuture *
aws_lambda_update_function_code (AwsClient  *client,
                                 const char *name,
                                 GBytes     *archive,
                                 const char *revision,
                                 gboolean    publish,
                                 gboolean    dry_run)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (archive != NULL);

  input = new_input (name);
  set_bytes (input, "ZipFile", archive);
  aws_input_set_string (input, "RevisionId", revision);
  aws_input_set_bool (input, "Publish", publish);
  aws_input_set_bool (input, "DryRun", dry_run);

  return aws_operation_call_document (&update_function_code, client, input, AWS_TYPE_LAMBDA_FUNCTION, NULL);
}

/**
 * aws_lambda_change_new:
 * @name: the name or the ARN of a function
 *
 * What is not set stays as it is.
 *
 * Returns: (transfer full): a change of how the function is set up
 */
AwsLambdaChange *
aws_lambda_change_new (const char *name)
{
  g_autoptr(JsonObject) input = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  input = new_input (name);

  return aws_document_new (input);
}

/**
 * aws_lambda_change_set_revision:
 * @self: a change
 * @revision: (nullable): a revision
 *
 * The change is refused unless the function has this revision.
 */
void
aws_lambda_change_set_revision (AwsLambdaChange *self,
                                const char      *revision)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->document.object, "RevisionId", revision);
}

/**
 * aws_lambda_change_set_code:
 * @self: a change
 * @runtime: (nullable): what runs it, like `nodejs22.x`
 * @handler: (nullable): file and function, like `index.handler`
 *
 * Sets how the code is run.
 */
void
aws_lambda_change_set_code (AwsLambdaChange *self,
                            const char      *runtime,
                            const char      *handler)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->document.object, "Runtime", runtime);
  aws_input_set_string (self->document.object, "Handler", handler);
}

/**
 * aws_lambda_change_set_description:
 * @self: a change
 * @description: (nullable): at most 256 characters
 *
 * Sets what people read about it.
 */
void
aws_lambda_change_set_description (AwsLambdaChange *self,
                                   const char      *description)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->document.object, "Description", description);
}

/**
 * aws_lambda_change_set_role:
 * @self: a change
 * @role: (nullable): the ARN of a role
 *
 * Sets the role that the function runs as.
 */
void
aws_lambda_change_set_role (AwsLambdaChange *self,
                            const char      *role)
{
  g_return_if_fail (self != NULL);

  aws_input_set_string (self->document.object, "Role", role);
}

/**
 * aws_lambda_change_set_limits:
 * @self: a change
 * @timeout: seconds, 1 to 900
 * @memory: megabytes, 128 to 10240
 *
 * Sets what one run may take.
 */
void
aws_lambda_change_set_limits (AwsLambdaChange *self,
                              guint            timeout,
                              guint            memory)
{
  g_return_if_fail (self != NULL);

  aws_input_set_int (self->document.object, "Timeout", timeout);
  aws_input_set_int (self->document.object, "MemorySize", memory);
}

/**
 * aws_lambda_change_set_log_group:
 * @self: a change
 * @group: the name of a group of logs
 *
 * Sets where messages go to.
 */
void
aws_lambda_change_set_log_group (AwsLambdaChange *self,
                                 const char      *group)
{
  JsonObject *logging_config;

  g_return_if_fail (self != NULL);
  g_return_if_fail (group != NULL);

  logging_config = json_object_new ();
  aws_input_set_string (logging_config, "LogFormat", "Text");
  aws_input_set_string (logging_config, "LogGroup", group);
  json_object_set_object_member (self->document.object, "LoggingConfig", logging_config);
}

/**
 * aws_lambda_change_add_variable:
 * @self: a change
 * @variable: the name of a variable of the environment
 * @value: its value
 *
 * The variables that are added replace all that the function has.
 */
void
aws_lambda_change_add_variable (AwsLambdaChange *self,
                                const char      *variable,
                                const char      *value)
{
  JsonObject *whole;

  g_return_if_fail (self != NULL);
  g_return_if_fail (variable != NULL);
  g_return_if_fail (value != NULL);

  whole = aws_json_get_object (self->document.object, "Environment");
  if (whole == NULL)
    {
      whole = json_object_new ();
      json_object_set_object_member (whole, "Variables", json_object_new ());
      json_object_set_object_member (self->document.object, "Environment", whole);
    }

  json_object_set_string_member (json_object_get_object_member (whole, "Variables"), variable, value);
}

/**
 * aws_lambda_update_function_configuration:
 * @client: the client
 * @change: what to change
 *
 * Changes how a function is set up. It takes effect once the status of the update is `Successful`.
 *
 * Returns: a future of an [struct@LambdaFunction]
 */
DexFuture *
aws_lambda_update_function_configuration (AwsClient       *client,
                                          AwsLambdaChange *change)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (change != NULL);

  return aws_operation_call_document (&update_function_configuration, client, json_object_ref (change->document.object),
                                      AWS_TYPE_LAMBDA_FUNCTION, NULL);
}

/**
 * aws_lambda_invoke:
 * @client: the client
 * @name: the name or the ARN of a function
 * @payload: (nullable): the event as JSON, at most 6 MB
 * @type: (nullable): `RequestResponse` to wait for the answer, `Event` to have it run some time, `DryRun` for a
 *   trial; %NULL for the first
 * @with_log: whether the answer is to have the end of the log
 *
 * Runs a function. A function that fails is an answer too: [method@LambdaResult.get_error].
 *
 * Returns: a future of an [struct@LambdaResult]
 */
DexFuture *
aws_lambda_invoke (AwsClient  *client,
                   const char *name,
                   GBytes     *payload,
                   const char *type,
                   gboolean    with_log)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input (name);
  aws_input_set_string (input, "InvocationType", type);
  aws_input_set_string (input, "LogType", with_log ? "Tail" : NULL);
  if (payload != NULL)
    set_bytes (input, "Payload", payload);

  return aws_operation_call_document (&invoke, client, input, AWS_TYPE_LAMBDA_RESULT, NULL);
}

/**
 * aws_lambda_get_account_settings:
 * @client: the client
 *
 * Asks what the account may use in the region. New accounts may run 10 functions at a time.
 *
 * Returns: a future of an [struct@LambdaAccount]
 */
DexFuture *
aws_lambda_get_account_settings (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_document (&get_account_settings, client, NULL, AWS_TYPE_LAMBDA_ACCOUNT, NULL);
}

/**
 * aws_lambda_put_function_concurrency:
 * @client: the client
 * @name: the name or the ARN of a function
 * @reserved: how many may run at a time; 0 switches it off
 *
 * Reserves a share of the account for a function, which is its limit too. It is refused if too little is left for
 * all other functions, so in new accounts only 0 is taken.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_lambda_put_function_concurrency (AwsClient  *client,
                                     const char *name,
                                     guint       reserved)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  input = new_input (name);
  aws_input_set_int (input, "ReservedConcurrentExecutions", reserved);

  return aws_operation_call_done (&put_function_concurrency, client, input);
}

/**
 * aws_lambda_delete_function_concurrency:
 * @client: the client
 * @name: the name or the ARN of a function
 *
 * Takes the limit of a function away.
 *
 * Returns: a future of %TRUE
 */
DexFuture *
aws_lambda_delete_function_concurrency (AwsClient  *client,
                                        const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_done (&delete_function_concurrency, client, new_input (name));
}

/**
 * aws_lambda_get_function_concurrency:
 * @client: the client
 * @name: the name or the ARN of a function
 *
 * Asks for the limit of a function.
 *
 * Returns: a future of an [struct@LambdaConcurrency]
 */
DexFuture *
aws_lambda_get_function_concurrency (AwsClient  *client,
                                     const char *name)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);

  return aws_operation_call_document (&get_function_concurrency, client, new_input (name), AWS_TYPE_LAMBDA_CONCURRENCY, NULL);
}
