/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A server on a free local port, on a thread of its own, that reads a request and answers with the same bytes each time,
 * whatever was asked; then it ends the connection, or keeps it open and says no more. */
typedef struct _RawServer RawServer;

RawServer  *raw_server_new              (void);
void        raw_server_free             (RawServer  *self);
const char *raw_server_get_endpoint     (RawServer  *self);
void        raw_server_answer           (RawServer  *self,
                                         const char *bytes,
                                         gsize       length,
                                         gboolean    keeps_open);
/* Ends each connection at once, without reading anything */
void        raw_server_hang_up          (RawServer  *self);
guint       raw_server_get_n_connections (RawServer *self);

/* Connections that are open now */
guint       raw_server_get_n_visits     (RawServer  *self);

/* The head of the last request, to be freed */
char       *raw_server_dup_request      (RawServer  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawServer, raw_server_free)

G_END_DECLS
