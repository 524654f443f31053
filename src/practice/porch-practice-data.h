/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file of practice.gresource.xml as text, ended by a zero byte; it belongs to the caller. */
char *practice_data_load (const char *name);

G_END_DECLS
