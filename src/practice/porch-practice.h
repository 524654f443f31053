/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * PorchPracticeError:
 * @PORCH_PRACTICE_ERROR_FAILED: anything without a code of its own
 * @PORCH_PRACTICE_ERROR_PORT_TAKEN: another program listens on the port that was asked for
 * @PORCH_PRACTICE_ERROR_STATE: the state folder can't be made, read or written
 * @PORCH_PRACTICE_ERROR_FAULTS: the faults were not understood
 *
 * Why the practice cloud could not be started.
 */
typedef enum
{
  PORCH_PRACTICE_ERROR_FAILED,
  PORCH_PRACTICE_ERROR_PORT_TAKEN,
  PORCH_PRACTICE_ERROR_STATE,
  PORCH_PRACTICE_ERROR_FAULTS,
} PorchPracticeError;

#define PORCH_PRACTICE_ERROR (porch_practice_error_quark ())
GQuark         porch_practice_error_quark            (void);

#define PORCH_TYPE_PRACTICE (porch_practice_get_type ())
G_DECLARE_FINAL_TYPE (PorchPractice, porch_practice, PORCH, PRACTICE, GObject)

PorchPractice *porch_practice_new                    (GFile          *state_folder);

void           porch_practice_set_port               (PorchPractice  *self,
                                                      guint           port);
gboolean       porch_practice_set_faults             (PorchPractice  *self,
                                                      const char     *spec,
                                                      GError        **error);
void           porch_practice_set_delays             (PorchPractice  *self,
                                                      double          factor);

gboolean       porch_practice_pass_time              (PorchPractice  *self,
                                                      gint64          seconds,
                                                      GError        **error);
gint64         porch_practice_parse_time             (const char     *text);

DexFuture     *porch_practice_start                  (PorchPractice  *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture     *porch_practice_stop                   (PorchPractice  *self) G_GNUC_WARN_UNUSED_RESULT;

void           porch_practice_set_trace              (PorchPractice  *self,
                                                      gboolean        trace);
char         **porch_practice_take_trace             (PorchPractice  *self);
DexFuture     *porch_practice_wait_held              (PorchPractice  *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean       porch_practice_is_attached            (PorchPractice  *self);
const char    *porch_practice_get_endpoint           (PorchPractice  *self);
const char    *porch_practice_get_name_server       (PorchPractice  *self);
const char    *porch_practice_get_access_key_id      (PorchPractice  *self);
const char    *porch_practice_get_secret_access_key  (PorchPractice  *self);
const char    *porch_practice_get_region             (PorchPractice  *self);
GFile         *porch_practice_get_outbox             (PorchPractice  *self);
GPtrArray     *porch_practice_list_mails             (PorchPractice  *self);

G_END_DECLS
