/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-problem.h"
#include "porch-error.h"

#include "aws-error.h"
#include "aws-json.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchProblem:
 *
 * What went wrong in words for people: what, why, and what to do about it, with the button that does it. The one
 * place that turns errors into sentences; the service's own words stay in the details.
 */
struct _PorchProblem
{
  GObject             parent_instance;

  char               *title;
  char               *cause;
  char               *remedy;
  char               *body;
  char               *details;
  PorchProblemAction  action;
  gboolean            needs_sign_in;
};

G_DEFINE_FINAL_TYPE (PorchProblem, porch_problem, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchProblemAction, porch_problem_action,
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_RETRY, "retry"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_SIGN_IN, "sign-in"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_CHOOSE_FOLDER, "choose-folder"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_SHOW_FINDINGS, "show-findings"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_START_PRACTICE, "start-practice"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_SUPPORT, "support"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROBLEM_ACTION_CHANGE, "change"))

enum
{
  PROP_TITLE = 1,
  PROP_CAUSE,
  PROP_REMEDY,
  PROP_BODY,
  PROP_DETAILS,
  PROP_ACTION,
  PROP_ACTION_LABEL,
  PROP_NEEDS_SIGN_IN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* @cause is NULL where the error's own message is already a sentence for people */
typedef struct
{
  int                 code;
  const char         *title;
  const char         *cause;
  const char         *remedy;
  PorchProblemAction  action;
} Entry;

/* Texts that decide whatever the code is: the most frequent trouble of beginners comes as a plain refusal */
typedef struct
{
  const char *pattern;
  Entry       entry;
} Pattern;

static const Pattern patterns[] = {
  { "must be verified before you can add",
    { 0, N_("The account is not verified"),
      N_("New accounts are looked at by a person before they may put a site online. Nothing is wrong with what you did"),
      N_("Open the support page, paste the text from the details, and try again when they have answered, usually within a day"),
      PORCH_PROBLEM_ACTION_SUPPORT } },
  { "needs a subscription for the service",
    { 0, N_("Signing up is not finished"),
      N_("The account still lacks a payment method, a checked phone number, or its activation, which can take a day"),
      N_("Finish signing up in the browser and try again"),
      PORCH_PROBLEM_ACTION_RETRY } },
  { "service control policy",
    { 0, N_("The account does not allow this"),
      N_("A rule of the organization that the account belongs to forbids it"),
      N_("Ask whoever manages the organization, or use another account"),
      PORCH_PROBLEM_ACTION_NONE } },
  /* A session token of version 1: good for everything but the store that says which release is live */
  { "Authentication failed",
    { 0, N_("This way of signing in is not enough"),
      N_("Switching to another version of the site needs newer keys than this sign-in gives"),
      N_("Sign in as a user instead of as the owner of the account, or with keys of a user, and try again"),
      PORCH_PROBLEM_ACTION_SIGN_IN } },
  /* The codes that come with what the parts of a site could not be made for */
  { "HandlerErrorCode: ServiceLimitExceeded",
    { 0, N_("A limit of the account is reached"),
      N_("The account may not hold more of what is needed here"),
      N_("Delete a site that is not needed any more, or ask for a higher limit on the account’s pages, and try again"),
      PORCH_PROBLEM_ACTION_RETRY } },
  { "HandlerErrorCode: AlreadyExists",
    { 0, N_("The name is taken"),
      N_("Something in the account has the name that a part of the site should get"),
      N_("Try again; another name will be chosen"),
      PORCH_PROBLEM_ACTION_RETRY } },
  { "HandlerErrorCode: Throttling",
    { 0, N_("Too many requests"),
      N_("The service asks for a pause"),
      N_("Wait a minute and try again"),
      PORCH_PROBLEM_ACTION_RETRY } },
  { "HandlerErrorCode: ServiceInternalError",
    { 0, N_("The service failed"),
      N_("It could not do its work at the moment"),
      N_("Wait a minute and try again; nothing is lost"),
      PORCH_PROBLEM_ACTION_RETRY } },
  { "is not authorized to perform",
    { 0, N_("Not allowed"),
      N_("The keys of this account may not do this"),
      N_("Ask the person who manages the account for the missing right, shown in the details, and try again"),
      PORCH_PROBLEM_ACTION_RETRY } },
  { "is not available for free plan",
    { 0, N_("The account’s plan does not include this"),
      N_("The account is on a free plan that leaves this out"),
      N_("Change the plan of the account in the browser and try again"),
      PORCH_PROBLEM_ACTION_RETRY } },
};

static const Entry aws_entries[] = {
  { AWS_ERROR_ACCESS_DENIED, N_("Not allowed"),
    N_("The keys of this account may not do this"),
    N_("Ask the person who manages the account for the missing right, shown in the details"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_EXPIRED, N_("Signed out"),
    N_("The time for which this account was signed in is over"),
    N_("Sign in again; the work goes on from here"), PORCH_PROBLEM_ACTION_SIGN_IN },
  { AWS_ERROR_SIGNATURE, N_("The keys do not fit together"),
    N_("The secret key is not the one that belongs to this access key"),
    N_("Copy both keys again, in full"), PORCH_PROBLEM_ACTION_SIGN_IN },
  { AWS_ERROR_UNKNOWN_KEY, N_("The keys are not known"),
    N_("The access key was deleted, switched off, or made only seconds ago"),
    N_("Wait a moment and try again, or enter a new key"), PORCH_PROBLEM_ACTION_SIGN_IN },
  { AWS_ERROR_CLOCK, N_("The clock of this computer is wrong"),
    N_("Its time differs too much from the time of the service"),
    N_("Set the clock, best to automatic, and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_CREDENTIALS, N_("No keys"),
    N_("There are no keys for this account"),
    N_("Enter the keys of the account"), PORCH_PROBLEM_ACTION_SIGN_IN },
  { AWS_ERROR_NOT_FOUND, N_("Not found"),
    N_("A part of the site is missing. It may have been removed by somebody else"),
    N_("Refresh the site; if it stays like this, create it again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_NO_SUCH_BUCKET, N_("The storage of the site is gone"),
    N_("It was removed outside of Porchlight"),
    N_("Delete the site here and create it again"), PORCH_PROBLEM_ACTION_NONE },
  { AWS_ERROR_WRONG_REGION, N_("The site is in another place"),
    N_("It was made in another place than the one that was asked"),
    N_("Choose the place in which the site was made"), PORCH_PROBLEM_ACTION_CHANGE },
  { AWS_ERROR_CONFLICT, N_("Something else is changing the site"),
    N_("Another change is underway at the same time"),
    N_("Wait a moment and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_PRECONDITION_FAILED, N_("Something else is changing the site"),
    N_("Another computer changed the same thing in the meantime"),
    N_("Refresh and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_NO_UPDATE, N_("Nothing to change"),
    N_("Everything is already as it should be"), "", PORCH_PROBLEM_ACTION_NONE },
  { AWS_ERROR_ALREADY_EXISTS, N_("The name is taken"),
    N_("Something with this name exists already"),
    N_("Try again; another name will be chosen"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_NOT_EMPTY, N_("The storage is not empty"),
    N_("New files arrived while the site was being deleted"),
    N_("Try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_THROTTLED, N_("Too many requests"),
    N_("The service asks for a pause"),
    N_("Wait a minute and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_LIMIT, N_("A limit of the account is reached"),
    N_("The account may not hold more of what is needed here"),
    N_("Delete a site that is not needed any more, or ask for a higher limit on the account’s pages"),
    PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_INVALID, N_("The service did not accept this"),
    N_("It refused what Porchlight sent"),
    N_("Please report this with the details"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_CHECKSUM, N_("A file was damaged on its way"),
    N_("What arrived is not what was sent"),
    N_("Try again; what arrived whole is not sent again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_SERVER, N_("The service failed"),
    N_("It could not do its work at the moment"),
    N_("Wait a minute and try again; nothing is lost"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_UNREACHABLE, N_("No connection"),
    N_("The service can’t be reached"),
    N_("Check the connection to the internet and try again; nothing is lost"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_TIMED_OUT, N_("No answer"),
    N_("The service did not answer in time"),
    N_("Check the connection to the internet and try again; nothing is lost"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_BAD_ANSWER, N_("Something else answered"),
    N_("Something on your network answers in place of the service, for instance the sign-in page of a public network"),
    N_("Open a page in the browser, sign in to the network if it asks, and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_FILE, N_("A file can’t be used"), NULL,
    N_("Look at the file and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { AWS_ERROR_FAILED, N_("The service refused"),
    N_("It gave a reason that Porchlight does not know; the details have its words"),
    N_("Try again; if it fails again, report it with the details"), PORCH_PROBLEM_ACTION_RETRY },
};

static const Entry porch_entries[] = {
  { PORCH_ERROR_NAME, N_("The name can’t be used"), NULL, N_("Choose another name"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_MAIL, N_("The mail address can’t be used"), NULL, N_("Correct the address"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_REGION, N_("The place can’t be used"), NULL, N_("Choose another place"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_KEYS, N_("The keys can’t be right"), NULL, N_("Copy both keys again, in full"), PORCH_PROBLEM_ACTION_SIGN_IN },
  { PORCH_ERROR_SIGN_IN, N_("Sign in needed"), NULL, N_("Sign in again"), PORCH_PROBLEM_ACTION_SIGN_IN },
  { PORCH_ERROR_SIGN_IN_LATE, N_("Signing in took too long"), NULL, N_("Begin again when you are ready"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_SIGN_IN_REFUSED, N_("Signing in was refused"), NULL,
    N_("Begin again and allow it in the browser"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_OTHER_ACCOUNT, N_("This is another account"), NULL,
    N_("Sign out in the browser, then begin again and choose the right account there"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_CODE, N_("The code can’t be right"), NULL, N_("Copy it again from the browser, in full"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_SIGN_IN_PAGE, N_("The address can’t be right"), NULL,
    N_("Ask whoever manages the organization for the address of its sign-in page"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_DOMAIN, N_("The address can’t be used"), NULL, N_("Type another one"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_FORM_PATH, N_("The path can’t be used"), NULL, N_("Choose another one"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_FORM_SILENT, N_("The contact form takes no messages"), NULL,
    N_("Try it again in a few minutes; if it stays so, switch the form off and on again in the settings of the site"),
    PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_FORM_LOST, N_("A test message got lost"), NULL,
    N_("Try it again; if it stays so, switch the form off and on again in the settings of the site"),
    PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_FORM_MAIL, N_("Messages arrive here, but not by mail"), NULL,
    N_("Look at where mail goes in the settings of the contact form; no message is lost, all are in the inbox"),
    PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_FORM_THANKS, N_("The page after the form is missing"), NULL,
    N_("Choose another thank-you page in the settings of the contact form, or publish this one"),
    PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_DNS, N_("The name servers don’t answer"), NULL,
    N_("Look whether this computer is online, and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_IN_THE_WAY, N_("Something is there already"), NULL,
    N_("Agree that it is replaced, or choose another address"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_CLAIMED, N_("The address shows something else"), NULL,
    N_("Take the address away from there, then try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_CERTIFICATE, N_("The certificate was refused"), NULL,
    N_("Try again; a new one will be asked for"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_CERTIFICATE_ENDS, N_("The certificate will not be renewed"), NULL,
    N_("Put the record back; it has to stay as long as the site has this address"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_CAA, N_("The domain forbids the certificate"), NULL,
    N_("Add a CAA record with the value 0 issue \"amazon.com\" where the domain’s records are, and try again"),
    PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_PRICE, N_("The price has changed"), NULL,
    N_("Agree to the new price, or choose another domain; nothing has been paid"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_NOT_BOUGHT, N_("The domain could not be bought"), NULL,
    N_("Look at what was entered, or choose another domain"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_CONTACT, N_("Something is missing"), NULL, N_("Correct what was entered"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_PROFILE, N_("The profile can’t be used"), NULL, N_("Choose another profile, or another way to sign in"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_PRACTICE_OFF, N_("The practice cloud is not running"), NULL,
    N_("Start it again; everything in it is kept"), PORCH_PROBLEM_ACTION_START_PRACTICE },
  { PORCH_ERROR_NOT_FOUND, N_("Not found"), NULL, N_("Look at the list and choose another"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_EXISTS, N_("It is there already"), NULL, N_("Choose another name, or use the one that is there"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_IN_USE, N_("The account still has sites"), NULL, N_("Delete its sites first"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_BUSY, N_("The site is busy"), NULL, N_("Wait until that is done, or stop it first"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_STOPPED, N_("Stopped"), NULL, N_("Go on when you like; what was done is kept"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_STORE, N_("The record on this computer can’t be used"), NULL,
    N_("Check that the folder can be written and that no other program holds it"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_STORE_DAMAGED, N_("The record on this computer is damaged"), NULL,
    N_("Start Porchlight again: it will be put aside and filled again from your account"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_STORE_NEWER, N_("Porchlight is too old"), NULL, N_("Install the newest version of Porchlight"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_DISK_FULL, N_("The disk is full"), NULL, N_("Make room and try again; nothing is lost"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_KEYRING, N_("The keyring can’t be used"), NULL,
    N_("Unlock the keyring; until then the keys are kept only while Porchlight runs"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_STACK, N_("The site could not be set up"), NULL,
    N_("Try again; what was begun has been or will be removed"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_UNVERIFIED, N_("The account is not verified"), NULL,
    N_("Open the support page, paste the text from the details, and try again when they have answered"), PORCH_PROBLEM_ACTION_SUPPORT },
  { PORCH_ERROR_NOT_OURS, N_("This does not belong to Porchlight"), NULL, N_("Nothing was changed; look at it in the browser"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_ADDRESS, N_("The address does not answer yet"), NULL, N_("Wait a minute and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_EXPORT, N_("The messages could not be saved"), NULL, N_("Choose another file and try again; nothing was deleted"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_FOLDER_UNREADABLE, N_("The folder can’t be read"), NULL, N_("Choose another folder, or allow reading it"), PORCH_PROBLEM_ACTION_CHOOSE_FOLDER },
  { PORCH_ERROR_FOLDER_EMPTY, N_("Nothing to publish"), NULL, N_("Choose the folder with the pages of the site"), PORCH_PROBLEM_ACTION_CHOOSE_FOLDER },
  { PORCH_ERROR_ARCHIVE, N_("The archive can’t be unpacked"), NULL, N_("Unpack it yourself and choose the folder"), PORCH_PROBLEM_ACTION_CHOOSE_FOLDER },
  { PORCH_ERROR_NOT_BUILT, N_("The site has not been made yet"), NULL, N_("Run the program that makes it, then try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_FOLDER_FINDINGS, N_("The folder can’t be published like this"), NULL, N_("Look at what was found and correct it"), PORCH_PROBLEM_ACTION_SHOW_FINDINGS },
  { PORCH_ERROR_FILE_NAME, N_("A file name can’t be published"), NULL, N_("Rename the file and try again"), PORCH_PROBLEM_ACTION_SHOW_FINDINGS },
  { PORCH_ERROR_FILE_CHANGED, N_("A file changed while it was read"), NULL,
    N_("Wait until the other program has finished writing and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_FILE_UNREADABLE, N_("A file can’t be read"), NULL, N_("Allow reading it, or take it out of the folder, and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_RELEASE_LIVE, N_("This version is live"), NULL, N_("Make another version live first"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_RELEASE_GONE, N_("This version is gone"), NULL, N_("Choose another version"), PORCH_PROBLEM_ACTION_CHANGE },
  { PORCH_ERROR_DAMAGED, N_("The record of the site is damaged"), NULL, N_("Publish the site again"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_CHANGED_ELSEWHERE, N_("The site was changed elsewhere"), NULL, N_("Refresh, look at the newest version and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_NOT_SENT, N_("Not everything could be sent"), NULL, N_("Try again; what arrived is not sent again"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_INCOMPLETE, N_("Something is missing"), NULL, N_("Try again; only what is missing is sent"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_NOT_SHOWN, N_("The new version does not show"), NULL,
    N_("Look at the start page in the folder, correct it and publish again; nothing is sent twice"), PORCH_PROBLEM_ACTION_RETRY },
  { PORCH_ERROR_REPLACES, N_("Nothing was changed"), NULL, N_("Please report this with the details"), PORCH_PROBLEM_ACTION_NONE },
  { PORCH_ERROR_FORM_OFF, N_("The site has no contact form"), NULL, N_("Switch the contact form on in the settings of the site"), PORCH_PROBLEM_ACTION_NONE },
};

static const Entry io_entries[] = {
  { G_IO_ERROR_NOT_FOUND, N_("Not found"), NULL, N_("Check the name and choose another"), PORCH_PROBLEM_ACTION_CHANGE },
  { G_IO_ERROR_PERMISSION_DENIED, N_("Not allowed"), NULL, N_("Choose another place, or allow it in the file’s properties"), PORCH_PROBLEM_ACTION_CHANGE },
  { G_IO_ERROR_NO_SPACE, N_("The disk is full"), N_("There is no room left on the disk"), N_("Make room and try again; nothing is lost"), PORCH_PROBLEM_ACTION_RETRY },
  { G_IO_ERROR_READ_ONLY, N_("This place can’t be written"), NULL, N_("Choose another place"), PORCH_PROBLEM_ACTION_CHANGE },
  { G_IO_ERROR_NOT_DIRECTORY, N_("This is not a folder"), NULL, N_("Choose a folder"), PORCH_PROBLEM_ACTION_CHOOSE_FOLDER },
  { G_IO_ERROR_IS_DIRECTORY, N_("This is a folder"), NULL, N_("Choose a file"), PORCH_PROBLEM_ACTION_CHANGE },
  { G_IO_ERROR_CONNECTION_REFUSED, N_("No connection"), N_("Nobody answers there"), N_("Check the connection and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { G_IO_ERROR_HOST_NOT_FOUND, N_("No connection"), N_("The address can’t be found"), N_("Check the connection and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { G_IO_ERROR_NETWORK_UNREACHABLE, N_("No connection"), N_("There is no network"), N_("Check the connection and try again"), PORCH_PROBLEM_ACTION_RETRY },
  { G_IO_ERROR_TIMED_OUT, N_("No answer"), N_("Nobody answered in time"), N_("Check the connection and try again"), PORCH_PROBLEM_ACTION_RETRY },
};

static const Entry other_entry = {
  0, N_("Something went wrong"), NULL, N_("Try again; if it happens again, report it with the details"), PORCH_PROBLEM_ACTION_RETRY
};

static const Entry *
find_in (const Entry *entries,
         gsize        n_entries,
         int          code)
{
  for (gsize i = 0; i < n_entries; i++)
    if (entries[i].code == code)
      return &entries[i];

  return NULL;
}

static const Entry *
find_entry (const GError *error)
{
  const char *details = porch_error_get_details (error);
  const Entry *entry = NULL;

  /* Whoever says these has understood the service's words already */
  gboolean is_explained = g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CLAIMED) ||
                          g_error_matches (error, PORCH_ERROR, PORCH_ERROR_CERTIFICATE) ||
                          g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_BOUGHT);

  for (gsize i = 0; !is_explained && i < G_N_ELEMENTS (patterns); i++)
    if (strstr (error->message, patterns[i].pattern) != NULL ||
        (details != NULL && strstr (details, patterns[i].pattern) != NULL))
      return &patterns[i].entry;

  if (error->domain == AWS_ERROR)
    entry = find_in (aws_entries, G_N_ELEMENTS (aws_entries), error->code);
  else if (error->domain == PORCH_ERROR)
    entry = find_in (porch_entries, G_N_ELEMENTS (porch_entries), error->code);
  else if (error->domain == G_IO_ERROR)
    entry = find_in (io_entries, G_N_ELEMENTS (io_entries), error->code);

  return entry != NULL ? entry : &other_entry;
}

static char *
build_details (const GError *error)
{
  g_autoptr(GString) details = g_string_new (NULL);

  if (error->domain == AWS_ERROR)
    {
      const char *code = aws_error_get_code_string (error);
      const char *request_id = aws_error_get_request_id (error);

      g_string_append_printf (details, "%s%s%s\n", code != NULL ? code : "", code != NULL ? ": " : "", error->message);

      if (aws_error_get_status (error) != 0)
        g_string_append_printf (details, "HTTP %u\n", aws_error_get_status (error));
      if (request_id != NULL)
        g_string_append_printf (details, "Request %s\n", request_id);
    }
  else
    {
      const char *more = porch_error_get_details (error);

      g_string_append_printf (details, "%s\n(%s %d)\n", error->message, g_quark_to_string (error->domain), error->code);

      if (more != NULL)
        g_string_append_printf (details, "%s\n", more);
    }

  return g_strdup (g_strchomp (details->str));
}

/* Sentences are kept without their full stop, so that they can be put together in a line or in a body */
static char *
dup_sentence (const char *text)
{
  char *sentence = g_strstrip (g_strdup (text));
  gsize length = strlen (sentence);

  if (length > 0 && sentence[length - 1] == '.' && !g_str_has_suffix (sentence, "..."))
    sentence[length - 1] = '\0';

  return sentence;
}

static void
append_sentence (GString    *string,
                 const char *sentence,
                 const char *separator)
{
  if (sentence == NULL || *sentence == '\0')
    return;

  if (string->len > 0)
    g_string_append (string, separator);

  g_string_append (string, sentence);

  if (!g_str_has_suffix (sentence, "?") && !g_str_has_suffix (sentence, "!") && !g_str_has_suffix (sentence, "…"))
    g_string_append_c (string, '.');
}

static void
build_body (PorchProblem *self)
{
  g_autoptr(GString) body = g_string_new (NULL);

  append_sentence (body, self->cause, " ");
  append_sentence (body, self->remedy, " ");
  g_set_str (&self->body, body->str);
}

static void
porch_problem_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchProblem *self = PORCH_PROBLEM (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_CAUSE:
      g_value_set_string (value, self->cause);
      break;
    case PROP_REMEDY:
      g_value_set_string (value, self->remedy);
      break;
    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;
    case PROP_DETAILS:
      g_value_set_string (value, self->details);
      break;
    case PROP_ACTION:
      g_value_set_enum (value, self->action);
      break;
    case PROP_ACTION_LABEL:
      g_value_set_string (value, porch_problem_get_action_label (self));
      break;
    case PROP_NEEDS_SIGN_IN:
      g_value_set_boolean (value, self->needs_sign_in);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_problem_finalize (GObject *object)
{
  PorchProblem *self = PORCH_PROBLEM (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->cause, g_free);
  g_clear_pointer (&self->remedy, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->details, g_free);

  G_OBJECT_CLASS (porch_problem_parent_class)->finalize (object);
}

static void
porch_problem_class_init (PorchProblemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_problem_get_property;
  object_class->finalize = porch_problem_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_CAUSE] = g_param_spec_string ("cause", NULL, NULL, NULL, flags);
  properties[PROP_REMEDY] = g_param_spec_string ("remedy", NULL, NULL, NULL, flags);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  properties[PROP_DETAILS] = g_param_spec_string ("details", NULL, NULL, NULL, flags);
  properties[PROP_ACTION] = g_param_spec_enum ("action", NULL, NULL, PORCH_TYPE_PROBLEM_ACTION,
                                               PORCH_PROBLEM_ACTION_NONE, flags);
  properties[PROP_ACTION_LABEL] = g_param_spec_string ("action-label", NULL, NULL, NULL, flags);
  properties[PROP_NEEDS_SIGN_IN] = g_param_spec_boolean ("needs-sign-in", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_problem_init (PorchProblem *self)
{
}

/**
 * porch_problem_from_error:
 * @error: any error
 *
 * Returns: (transfer full): the words for it
 */
PorchProblem *
porch_problem_from_error (const GError *error)
{
  g_autoptr(PorchProblem) self = NULL;
  const Entry *entry;

  g_return_val_if_fail (error != NULL, NULL);

  entry = find_entry (error);
  self = g_object_new (PORCH_TYPE_PROBLEM, NULL);
  self->title = g_strdup (_(entry->title));
  self->cause = dup_sentence (entry->cause != NULL ? _(entry->cause) : error->message);
  self->remedy = dup_sentence (*entry->remedy != '\0' ? _(entry->remedy) : "");
  self->details = build_details (error);
  self->action = entry->action;
  self->needs_sign_in = entry->action == PORCH_PROBLEM_ACTION_SIGN_IN &&
                        !g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYS);
  build_body (self);

  return g_steal_pointer (&self);
}

/**
 * porch_problem_to_json:
 * @self: a problem
 *
 * Returns: (transfer full): all of it, for the store and for scripts
 */
JsonObject *
porch_problem_to_json (PorchProblem *self)
{
  g_autoptr(JsonObject) json = NULL;
  GEnumClass *actions;

  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  json = json_object_new ();
  actions = g_type_class_ref (PORCH_TYPE_PROBLEM_ACTION);
  json_object_set_string_member (json, "title", self->title);
  json_object_set_string_member (json, "cause", self->cause);
  json_object_set_string_member (json, "remedy", self->remedy);
  json_object_set_string_member (json, "details", self->details);
  json_object_set_string_member (json, "action", g_enum_get_value (actions, self->action)->value_nick);
  json_object_set_boolean_member (json, "needsSignIn", self->needs_sign_in);
  g_type_class_unref (actions);

  return g_steal_pointer (&json);
}

/**
 * porch_problem_from_json:
 * @json: what [method@Porch.Problem.to_json] gave
 *
 * Returns: (transfer full): the problem
 */
PorchProblem *
porch_problem_from_json (JsonObject *json)
{
  g_autoptr(PorchProblem) self = NULL;
  const char *nick;
  GEnumClass *actions;
  GEnumValue *value;

  g_return_val_if_fail (json != NULL, NULL);

  self = g_object_new (PORCH_TYPE_PROBLEM, NULL);
  self->title = g_strdup (aws_json_get_string (json, "title"));
  self->cause = g_strdup (aws_json_get_string (json, "cause"));
  self->remedy = g_strdup (aws_json_get_string (json, "remedy"));
  self->details = g_strdup (aws_json_get_string (json, "details"));
  self->needs_sign_in = aws_json_get_bool (json, "needsSignIn");

  actions = g_type_class_ref (PORCH_TYPE_PROBLEM_ACTION);
  nick = aws_json_get_string (json, "action");
  value = g_enum_get_value_by_nick (actions, nick != NULL ? nick : "retry");
  self->action = value != NULL ? value->value : PORCH_PROBLEM_ACTION_RETRY;
  g_type_class_unref (actions);
  build_body (self);

  return g_steal_pointer (&self);
}

/**
 * porch_problem_get_title:
 * @self: a problem
 *
 * Returns: (transfer none): what happened, in a few words without full stop
 */
const char *
porch_problem_get_title (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  return self->title;
}

/**
 * porch_problem_get_cause:
 * @self: a problem
 *
 * Returns: (transfer none): why, without full stop
 */
const char *
porch_problem_get_cause (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  return self->cause;
}

/**
 * porch_problem_get_remedy:
 * @self: a problem
 *
 * Returns: (transfer none): what to do about it, without full stop; may be empty
 */
const char *
porch_problem_get_remedy (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  return self->remedy;
}

/**
 * porch_problem_get_body:
 * @self: a problem
 *
 * Returns: (transfer none): why and what to do, as sentences
 */
const char *
porch_problem_get_body (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  return self->body;
}

/**
 * porch_problem_get_details:
 * @self: a problem
 *
 * Returns: (transfer none): what the service said, to be copied
 */
const char *
porch_problem_get_details (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  return self->details;
}

/**
 * porch_problem_get_action:
 * @self: a problem
 *
 * Returns: what the button beside the words should do
 */
PorchProblemAction
porch_problem_get_action (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), PORCH_PROBLEM_ACTION_NONE);

  return self->action;
}

/**
 * porch_problem_get_action_label:
 * @self: a problem
 *
 * Returns: (transfer none) (nullable): the label of the button, with a mnemonic, `NULL` if there is none
 */
const char *
porch_problem_get_action_label (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  switch (self->action)
    {
    case PORCH_PROBLEM_ACTION_RETRY:
      return _("_Try Again");
    case PORCH_PROBLEM_ACTION_SIGN_IN:
      return _("_Enter Keys…");
    case PORCH_PROBLEM_ACTION_CHOOSE_FOLDER:
      return _("_Choose Folder…");
    case PORCH_PROBLEM_ACTION_SHOW_FINDINGS:
      return _("_Show What Was Found");
    case PORCH_PROBLEM_ACTION_START_PRACTICE:
      return _("_Start Practice Cloud");
    case PORCH_PROBLEM_ACTION_SUPPORT:
      return _("_Open Support Page");
    case PORCH_PROBLEM_ACTION_NONE:
    case PORCH_PROBLEM_ACTION_CHANGE:
    default:
      return NULL;
    }
}

/**
 * porch_problem_needs_sign_in:
 * @self: a problem
 *
 * Returns: whether keys have to be entered before anything can go on
 */
gboolean
porch_problem_needs_sign_in (PorchProblem *self)
{
  g_return_val_if_fail (PORCH_IS_PROBLEM (self), FALSE);

  return self->needs_sign_in;
}

/**
 * porch_problem_to_line:
 * @self: a problem
 *
 * Returns: (transfer full): all in one line, `what: why. what to do`
 */
char *
porch_problem_to_line (PorchProblem *self)
{
  g_autoptr(GString) line = NULL;

  g_return_val_if_fail (PORCH_IS_PROBLEM (self), NULL);

  line = g_string_new (self->title);
  append_sentence (line, self->cause, ": ");
  append_sentence (line, self->remedy, " ");
  g_strdelimit (line->str, "\n\r", ' ');

  return g_string_free (g_steal_pointer (&line), FALSE);
}
