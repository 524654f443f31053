/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>

#include "porch-engine.h"
#include "porch-practice.h"

G_BEGIN_DECLS

/* The exit codes that scripts hold on to */
typedef enum
{
  CLI_DONE = 0,
  CLI_FAILED = 1,
  CLI_USAGE = 2,
  CLI_SIGN_IN = 3,
  CLI_STOPPED = 4,
} CliExit;

#define CLI_ERROR (cli_error_quark ())
GQuark cli_error_quark (void);

typedef enum
{
  CLI_ERROR_USAGE,
  CLI_ERROR_QUIET,      /* the reason has been told already */
} CliError;

/* Everything a command may be told; which of it a command takes is in the table of commands */
typedef struct
{
  char    *account;
  char    *csv;
  char    *faults;
  char    *from;
  char    *keep_messages;
  char    *name;
  char    *note;
  char    *path;
  char    *region;
  char    *state;
  char    *template;
  char    *to;
  int      port;
  gboolean json;
  gboolean dry_run;
  gboolean unread;
} CliOptions;

typedef struct
{
  CliOptions      options;
  PorchEngine    *engine;
  PorchPractice  *practice;
  PorchOperation *operation;      /* the one that an interrupt stops */
  DexPromise     *interrupt;      /* rejected by SIGINT and SIGTERM */
  char          **arguments;
  guint           n_arguments;
} Cli;

typedef gboolean (*CliFunc) (Cli     *cli,
                             GError **error);

typedef struct
{
  const char *group;
  const char *name;           /* NULL: the group is the command */
  const char *usage;
  const char *options;        /* names, separated by spaces */
  const char *help;
  guint       min_arguments;
  guint       max_arguments;
  gboolean    needs_engine;
  CliFunc     run;
} CliCommand;

/* Accounts, sites and the practice cloud */
PorchAccount  *cli_await_account    (Cli             *cli,
                                     GError         **error);
PorchSite     *cli_await_site       (Cli             *cli,
                                     const char      *name,
                                     GError         **error);
gboolean       cli_await_practice   (Cli             *cli,
                                     PorchAccount    *account,
                                     GError         **error);
gboolean       cli_uses_environment (Cli             *cli);
GFile         *cli_get_file         (Cli             *cli,
                                     const char      *name);

/* Output */
void           cli_print            (const char      *format,
                                     ...) G_GNUC_PRINTF (1, 2);
void           cli_print_array      (JsonArray       *array);
void           cli_print_object     (JsonObject      *object);
void           cli_warn             (const char      *format,
                                     ...) G_GNUC_PRINTF (1, 2);
CliExit        cli_report           (Cli             *cli,
                                     const GError    *error);
char          *cli_format_time      (GDateTime       *time);
void           cli_set_time         (JsonObject      *object,
                                     const char      *name,
                                     GDateTime       *time);
gboolean       cli_await_operation  (Cli             *cli,
                                     PorchOperation  *operation,
                                     GError         **error);

/* The commands */
gboolean       cli_account_list          (Cli *cli, GError **error);
gboolean       cli_account_add_practice  (Cli *cli, GError **error);
gboolean       cli_account_add_keys      (Cli *cli, GError **error);
gboolean       cli_account_remove        (Cli *cli, GError **error);
gboolean       cli_practice_serve        (Cli *cli, GError **error);
gboolean       cli_site_list             (Cli *cli, GError **error);
gboolean       cli_site_show             (Cli *cli, GError **error);
gboolean       cli_site_create           (Cli *cli, GError **error);
gboolean       cli_site_delete           (Cli *cli, GError **error);
gboolean       cli_site_import           (Cli *cli, GError **error);
gboolean       cli_check                 (Cli *cli, GError **error);
gboolean       cli_publish               (Cli *cli, GError **error);
gboolean       cli_release_list          (Cli *cli, GError **error);
gboolean       cli_release_show          (Cli *cli, GError **error);
gboolean       cli_release_go_live       (Cli *cli, GError **error);
gboolean       cli_release_remove        (Cli *cli, GError **error);
gboolean       cli_form_enable           (Cli *cli, GError **error);
gboolean       cli_form_disable          (Cli *cli, GError **error);
gboolean       cli_form_snippet          (Cli *cli, GError **error);
gboolean       cli_message_list          (Cli *cli, GError **error);
gboolean       cli_message_show          (Cli *cli, GError **error);
gboolean       cli_message_export        (Cli *cli, GError **error);
gboolean       cli_message_mark_read     (Cli *cli, GError **error);
gboolean       cli_message_archive       (Cli *cli, GError **error);
gboolean       cli_message_spam          (Cli *cli, GError **error);
gboolean       cli_message_delete        (Cli *cli, GError **error);
gboolean       cli_stack_template        (Cli *cli, GError **error);
gboolean       cli_operation_list        (Cli *cli, GError **error);
gboolean       cli_operation_resume      (Cli *cli, GError **error);
gboolean       cli_operation_discard     (Cli *cli, GError **error);

G_END_DECLS
