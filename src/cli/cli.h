/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libdex.h>

#include "porch-engine.h"
#include "porch-practice.h"
#include "porch-source.h"

G_BEGIN_DECLS

/* How the program ends; scripts hold on to these numbers */
typedef enum
{
  CLI_EXIT_DONE,
  CLI_EXIT_FAILED,
  CLI_EXIT_USAGE,
  CLI_EXIT_SIGN_IN,
  CLI_EXIT_STOPPED,
} CliExit;

#define CLI_ERROR (cli_error_quark ())

/* Errors that only a command line has. Their message is the whole line, `what: why. what to do`. */
typedef enum
{
  CLI_ERROR_FAILED,
  CLI_ERROR_USAGE,
  CLI_ERROR_SIGN_IN,
} CliError;

GQuark cli_error_quark (void);

/* What one run of the program works with; its commands are fibers on the main thread */
typedef struct
{
  PorchEngine    *engine;
  PorchPractice  *practice;    /* served or attached to, once it is needed */
  PorchAccount   *account;     /* to work with; NULL if there is none */
  PorchOperation *operation;   /* underway; an interrupt stops it */
  DexPromise     *interrupt;   /* waited for by what has no operation */
  char           *account_name;
  gboolean        is_chosen;   /* the account was named, or the environment has its keys */
  gboolean        is_json;
  gboolean        is_stopping;
  gboolean        waits_for_owner;   /* work that needs the owner goes on when that is done */
} Cli;

typedef gboolean (*CliRun) (Cli                *cli,
                            const char * const *arguments,
                            GError            **error);

typedef struct
{
  const char         *group;
  const char         *name;        /* NULL when the group is the command */
  const char         *arguments;   /* as shown; words in [brackets] may be left out */
  const char         *summary;
  const char         *description;
  const GOptionEntry *options;
  CliRun              run;
} CliCommand;

/* cli-context.c */
void         cli_init                  (Cli                *cli);
void         cli_clear                 (Cli                *cli);
gboolean     cli_open                  (Cli                *cli,
                                        GError            **error);
void         cli_close                 (Cli                *cli);
gboolean     cli_start_practice        (Cli                *cli,
                                        GError            **error);
PorchAccount *cli_require_account      (Cli                *cli,
                                        GError            **error);
PorchSite   *cli_find_site             (Cli                *cli,
                                        const char         *name,
                                        GError            **error);
PorchSite   *cli_find_ready_site       (Cli                *cli,
                                        const char         *name,
                                        GError            **error);
gboolean     cli_may_use               (Cli                *cli,
                                        PorchAccount       *account,
                                        GError            **error);
void         cli_interrupt             (Cli                *cli);

/* cli-output.c */
CliExit      cli_print_error           (Cli                *cli,
                                        const GError       *error);
void         cli_print_notice          (const char         *text);
void         cli_print                 (const char         *format,
                                        ...) G_GNUC_PRINTF (1, 2);
void         cli_print_object          (JsonObject         *object);
void         cli_print_array           (JsonArray          *array);
void         cli_print_json_line       (JsonObject         *object);
void         cli_print_table           (const char * const *titles,
                                        GPtrArray          *rows);
char        *cli_clean_text            (const char         *text,
                                        gboolean            keep_lines);
char        *cli_format_time           (GDateTime          *time);
void         cli_set_time              (JsonObject         *object,
                                        const char         *name,
                                        GDateTime          *time);
char        *cli_ask                   (const char         *question,
                                        gboolean            is_secret);
gboolean     cli_finish_output         (void);

/* cli-progress.c */
void         cli_wipe_bar              (void);
gboolean     cli_run_operation         (Cli                *cli,
                                        PorchOperation     *operation,
                                        JsonObject        **result,
                                        GError            **error);

/* cli-folder.c */
PorchSource *cli_await_source          (const char         *argument,
                                        GError            **error);
gboolean     cli_await_good_folder     (Cli                *cli,
                                        GFile              *root,
                                        GError            **error);
extern const GOptionEntry cli_check_options[];
extern const GOptionEntry cli_publish_options[];
gboolean     cli_check                 (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_publish               (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-account.c */
extern const GOptionEntry cli_account_practice_options[];
extern const GOptionEntry cli_account_keys_options[];
gboolean     cli_account_list          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_account_add_practice  (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_account_add_keys      (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_account_remove        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

JsonObject  *cli_build_account         (Cli                *cli,
                                        PorchAccount       *account);

/* cli-sign-in.c */
extern const GOptionEntry cli_sign_in_options[];
extern const GOptionEntry cli_sign_in_sso_options[];
extern const GOptionEntry cli_renew_options[];
extern const GOptionEntry cli_profile_options[];
gboolean     cli_account_sign_in       (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_account_sign_in_sso   (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_account_add_profile   (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_account_renew         (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-practice.c */
extern const GOptionEntry cli_practice_options[];
gboolean     cli_practice_serve        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-site.c */
extern const GOptionEntry cli_site_create_options[];
extern const GOptionEntry cli_site_delete_options[];
gboolean     cli_site_list             (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_site_show             (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_site_create           (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_site_delete           (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
extern const GOptionEntry cli_site_set_options[];
gboolean     cli_site_set              (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_stack_changes         (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_stack_template        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-draft.c */
extern const GOptionEntry cli_draft_extend_options[];
gboolean     cli_parse_days            (const char         *text,
                                        guint              *days,
                                        GError            **error);
JsonObject  *cli_build_draft           (PorchDraft         *draft);
gboolean     cli_draft_list            (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_draft_remove          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_draft_extend          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-release.c */
PorchSite   *cli_await_history         (Cli                *cli,
                                        const char         *name,
                                        PorchTarget       **target,
                                        GError            **error);
gboolean     cli_release_list          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_release_show          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_release_go_live       (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_release_remove        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-form.c */
extern const GOptionEntry cli_form_enable_options[];
extern const GOptionEntry cli_form_snippet_options[];
extern const GOptionEntry cli_form_test_options[];
extern const GOptionEntry cli_form_connect_options[];
gboolean     cli_form_enable           (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_form_disable          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_form_snippet          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_form_show              (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_form_test              (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_form_find              (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_form_connect           (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-message.c */
extern const GOptionEntry cli_message_list_options[];
extern const GOptionEntry cli_message_export_options[];
extern const GOptionEntry cli_message_undo_options[];
gboolean     cli_message_list          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_search        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_mail_again    (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_show          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_export        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_mark_read     (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_archive       (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_spam          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_message_delete        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-domain.c */
gboolean     cli_domain_status         (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_domain_check          (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-address.c */
extern const GOptionEntry cli_domain_set_options[];
gboolean     cli_domain_search         (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_domain_set            (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_domain_remove         (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_certificate_status    (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-policy.c */
gboolean     cli_policy                (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

/* cli-operation.c */
gboolean     cli_operation_list        (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);
gboolean     cli_operation_resume      (Cli                *cli,
                                        const char * const *arguments,
                                        GError            **error);

G_END_DECLS
