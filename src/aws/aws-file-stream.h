/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define AWS_TYPE_FILE_STREAM (aws_file_stream_get_type ())

G_DECLARE_FINAL_TYPE (AwsFileStream, aws_file_stream, AWS, FILE_STREAM, GInputStream)

GInputStream *aws_file_stream_new       (GFile         *file,
                                         goffset        offset,
                                         goffset        length);
const GError *aws_file_stream_get_error (AwsFileStream *self);

G_END_DECLS
