/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-js.h"

#include <jsc/jsc.h>

#include "porch-practice-data.h"

/* What a function may take of the processor. CloudFront's own limit is far below, Lambda's is the function's time-out;
 * this one is there so that an endless loop can't stop the practice cloud. JavaScriptCore's watchdog is set for the
 * process before the first context is made, so both kinds of functions share it. */
#define LIMIT_MSEC 3000

struct _PracticeScript
{
  JSCContext         *context;
  JSCValue           *call;
  JSCValue           *poll;
  PracticeScriptHost  host;
  gpointer            data;
  GDestroyNotify      destroy;
  gboolean            spent;
};

G_DEFINE_QUARK (practice-script-error-quark, practice_script_error)

/* The machine of a thread. JavaScriptCore attaches its timers for collecting garbage to the main context that is the
 * thread's default when it is first called, and they need a run loop that only WebKit sets up. So they get a context
 * that nobody runs; garbage is collected as memory is asked for. */
typedef struct
{
  GMainContext      *idle;
  JSCVirtualMachine *vm;
} Machine;

static void
machine_free (gpointer data)
{
  Machine *machine = data;

  g_object_unref (machine->vm);
  g_main_context_unref (machine->idle);
  g_free (machine);
}

static JSCVirtualMachine *
get_vm (void)
{
  static GPrivate machines = G_PRIVATE_INIT (machine_free);
  static gsize limited = 0;
  Machine *machine = g_private_get (&machines);

  if (g_once_init_enter (&limited))
    {
      if (!jsc_options_set_uint ("watchdog", LIMIT_MSEC))
        g_debug ("JavaScriptCore has no watchdog, functions run without a limit");
      g_once_init_leave (&limited, 1);
    }

  if (machine == NULL)
    {
      machine = g_new0 (Machine, 1);
      machine->idle = g_main_context_new ();
      g_main_context_push_thread_default (machine->idle);
      machine->vm = jsc_virtual_machine_new ();
      g_object_unref (jsc_context_new_with_virtual_machine (machine->vm));
      g_main_context_pop_thread_default (machine->idle);
      g_private_set (&machines, machine);
    }

  return machine->vm;
}

static char *
host_cb (const char     *name,
         const char     *text,
         PracticeScript *self)
{
  return self->host (name, text, self->data);
}

/* Moves the context's exception, if there is one, into @error. */
static gboolean
take_exception (PracticeScript       *self,
                PracticeScriptError   code,
                GError              **error)
{
  JSCException *exception = jsc_context_get_exception (self->context);

  if (exception == NULL)
    return FALSE;

  /* The watchdog's exception says nothing */
  if (jsc_exception_get_message (exception) == NULL)
    {
      self->spent = TRUE;
      g_set_error_literal (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_TIMEOUT, "The function ran too long");
    }
  else
    {
      g_set_error (error, PRACTICE_SCRIPT_ERROR, code, "%s: %s (line %u)",
                   jsc_exception_get_name (exception) ? jsc_exception_get_name (exception) : "Error",
                   jsc_exception_get_message (exception), jsc_exception_get_line_number (exception));
    }
  jsc_context_clear_exception (self->context);

  return TRUE;
}

static JSCValue *
evaluate (PracticeScript  *self,
          const char      *code,
          const char      *file_name,
          GError         **error)
{
  g_autoptr(JSCValue) value = jsc_context_evaluate_with_source_uri (self->context, code, -1, file_name, 1);

  return take_exception (self, PRACTICE_SCRIPT_ERROR_SYNTAX, error) ? NULL : g_steal_pointer (&value);
}

static gboolean
load (PracticeScript  *self,
      const char      *runtime,
      const char      *options,
      const char      *wrapped_code,
      const char      *file_name,
      GError         **error)
{
  g_autofree char *text = practice_data_load (runtime);
  g_autoptr(JSCValue) world = evaluate (self, text, runtime, error);
  g_autoptr(JSCValue) host = NULL;
  g_autoptr(JSCValue) code = NULL;
  g_autoptr(JSCValue) functions = NULL;

  if (world == NULL || !(code = evaluate (self, wrapped_code, file_name, error)))
    return FALSE;

  host = jsc_value_new_function (self->context, "host", G_CALLBACK (host_cb), self, NULL,
                                 G_TYPE_STRING, 2, G_TYPE_STRING, G_TYPE_STRING);
  functions = jsc_value_function_call (world, JSC_TYPE_VALUE, host, JSC_TYPE_VALUE, code, G_TYPE_STRING, options, G_TYPE_NONE);
  if (take_exception (self, PRACTICE_SCRIPT_ERROR_SYNTAX, error))
    return FALSE;

  self->call = jsc_value_object_get_property (functions, "call");
  self->poll = jsc_value_object_get_property (functions, "poll");

  return TRUE;
}

/**
 * practice_script_new:
 * @runtime: name of the runtime's file
 * @options: text handed to the runtime
 * @wrapped_code: the function's file inside a function expression that the runtime calls
 * @file_name: how errors name the file
 * @host: what the runtime can ask for
 * @data: passed to @host
 * @destroy: (nullable): frees @data
 * @error: return location for an error
 *
 * Returns: (transfer full): the loaded function
 */
PracticeScript *
practice_script_new (const char          *runtime,
                     const char          *options,
                     const char          *wrapped_code,
                     const char          *file_name,
                     PracticeScriptHost   host,
                     gpointer             data,
                     GDestroyNotify       destroy,
                     GError             **error)
{
  g_autoptr(PracticeScript) self = g_new0 (PracticeScript, 1);

  self->host = host;
  self->data = data;
  self->destroy = destroy;
  self->context = jsc_context_new_with_virtual_machine (get_vm ());

  return load (self, runtime, options, wrapped_code, file_name, error) ? g_steal_pointer (&self) : NULL;
}

void
practice_script_free (PracticeScript *self)
{
  g_clear_object (&self->call);
  g_clear_object (&self->poll);
  g_clear_object (&self->context);
  if (self->destroy)
    self->destroy (self->data);
  g_free (self);
}

gpointer
practice_script_get_data (PracticeScript *self)
{
  return self->data;
}

/* Whether the context can't be used again, because the function was stopped in the middle. */
gboolean
practice_script_is_spent (PracticeScript *self)
{
  return self->spent;
}

/**
 * practice_script_call:
 * @self: a loaded function
 * @event: the event as JSON
 * @error: return location for an error
 *
 * Calls the handler and lets its promises run until it has an answer. Timers fire at once and in their order: nothing
 * outside can happen while the function waits.
 *
 * Returns: (transfer full): the answer as JSON
 */
char *
practice_script_call (PracticeScript  *self,
                      const char      *event,
                      GError         **error)
{
  g_autoptr(JSCValue) started = jsc_value_function_call (self->call, G_TYPE_STRING, event, G_TYPE_NONE);
  gint64 end = g_get_monotonic_time () + LIMIT_MSEC * 1000;

  if (take_exception (self, PRACTICE_SCRIPT_ERROR_THROWN, error))
    return NULL;

  while (TRUE)
    {
      g_autoptr(JSCValue) state = jsc_value_function_call (self->poll, G_TYPE_NONE);
      g_autofree char *text = NULL;

      if (take_exception (self, PRACTICE_SCRIPT_ERROR_THROWN, error))
        return NULL;

      /* "wait" while timers are left, else the answer after a sign: "=" or "!" */
      text = jsc_value_is_string (state) ? jsc_value_to_string (state) : NULL;
      if (text && *text == '=')
        return g_strdup (text + 1);
      if (text && *text == '!')
        {
          g_set_error_literal (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_THROWN, text + 1);
          return NULL;
        }
      if (g_strcmp0 (text, "wait") != 0 || g_get_monotonic_time () > end)
        {
          self->spent = TRUE;
          g_set_error_literal (error, PRACTICE_SCRIPT_ERROR, PRACTICE_SCRIPT_ERROR_TIMEOUT, "The function never finished");
          return NULL;
        }
    }
}
