/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "porch-message-print.h"
#include "porch-message-private.h"
#include "test-util.h"

/* Messages are printed into a file, and a reader of PDF files that is not ours says what stands in it, and where */

/* An A4 page with GTK's margins of a quarter inch, in points */
#define PAGE_WIDTH 595
#define PAGE_HEIGHT 842
#define MARGIN (18 + 24)

typedef struct
{
  char *text;
  guint page;        /* from 1 */
  double left, right, top, bottom;
} Word;

static void
word_free (gpointer data)
{
  Word *word = data;

  g_free (word->text);
  g_free (word);
}

static PorchMessage *
new_message (const char *name,
             const char *text)
{
  g_autoptr(AwsItem) item = aws_item_new ();
  g_autoptr(AwsItem) fields = aws_item_new ();
  PorchMessage *message;

  aws_item_set_string (fields, "name", name);
  aws_item_set_string (fields, "email", "ann@example.org");
  aws_item_set_string (fields, "message", text);
  aws_item_set_string (item, "pk", "form#contact");
  aws_item_set_string (item, "sk", "2026-03-05T14:05:00.000Z#id");
  aws_item_set_string (item, "id", "id");
  aws_item_set_string (item, "received", "2026-03-05T14:05:00.000Z");
  aws_item_set_string (item, "page", "/contact/");
  aws_item_set_map (item, "fields", fields);
  message = porch_message_new_from_item (item);
  g_assert_true (porch_message_is_complete (message));

  return message;
}

static char *
read_pdf (const char *program,
          const char *option,
          const char *path)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, option, path, "-", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));

  return output;
}

/* Prints it, and reads the words of the pages with their places */
static GPtrArray *
print (GPtrArray  *messages,
       const char *name)
{
  g_autoptr(GtkPrintOperation) operation = porch_message_print_new (messages);
  g_autoptr(GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr(GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  g_autofree char *folder = g_getenv ("PORCHLIGHT_PICTURES") != NULL ? g_strdup (g_getenv ("PORCHLIGHT_PICTURES"))
                                                                     : test_new_folder ();
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GPtrArray *words = g_ptr_array_new_with_free_func (word_free);
  g_autofree char *boxes = NULL;
  g_autoptr(GRegex) pattern = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) lines = NULL;
  guint page = 0;

  gtk_page_setup_set_paper_size_and_default_margins (setup, paper);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_export_filename (operation, path);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
                   GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);

  boxes = read_pdf ("pdftotext", "-bbox", path);
  lines = g_strsplit (boxes, "\n", -1);
  pattern = g_regex_new ("xMin=\"(.*)\" yMin=\"(.*)\" xMax=\"(.*)\" yMax=\"(.*)\">(.*)</word>", G_REGEX_DEFAULT,
                         G_REGEX_MATCH_DEFAULT, NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(GMatchInfo) match = NULL;

      if (strstr (lines[i], "<page ") != NULL)
        page++;

      if (g_regex_match (pattern, lines[i], G_REGEX_MATCH_DEFAULT, &match))
        {
          Word *word = g_new0 (Word, 1);
          g_auto(GStrv) parts = g_match_info_fetch_all (match);

          word->page = page;
          word->left = g_ascii_strtod (parts[1], NULL);
          word->top = g_ascii_strtod (parts[2], NULL);
          word->right = g_ascii_strtod (parts[3], NULL);
          word->bottom = g_ascii_strtod (parts[4], NULL);
          word->text = g_strdup (parts[5]);
          g_ptr_array_add (words, word);
        }
    }

  if (g_getenv ("PORCHLIGHT_PICTURES") == NULL)
    test_remove_folder (folder);

  return words;
}

static Word *
find (GPtrArray  *words,
      const char *text)
{
  for (guint i = 0; i < words->len; i++)
    if (g_str_equal (((Word *) g_ptr_array_index (words, i))->text, text))
      return g_ptr_array_index (words, i);

  g_error ("“%s” was not printed", text);
}

/* The reader may take letters of other scripts for words */
static Word *
find_with (GPtrArray  *words,
           const char *letter)
{
  for (guint i = 0; i < words->len; i++)
    if (strstr (((Word *) g_ptr_array_index (words, i))->text, letter) != NULL)
      return g_ptr_array_index (words, i);

  g_error ("“%s” was not printed", letter);
}

static guint
count_pages (GPtrArray *words)
{
  return words->len > 0 ? ((Word *) g_ptr_array_index (words, words->len - 1))->page : 0;
}

/* Nothing is cut off at the edges of the paper; how high the letters of pictures are, the reader does not know */
static void
check_margins (GPtrArray *words)
{
  for (guint i = 0; i < words->len; i++)
    {
      Word *word = g_ptr_array_index (words, i);

      gboolean is_plain = g_ascii_isprint (*word->text);

      if (word->left < MARGIN - 1 || word->right > PAGE_WIDTH - MARGIN + 1 ||
          (is_plain && (word->top < MARGIN - 5 || word->bottom > PAGE_HEIGHT - 18)))
        g_error ("“%s” on page %u stands at %g %g to %g %g", word->text, word->page, word->left, word->top, word->right, word->bottom);
    }
}

/* A message of several pages is all there, once, from top to bottom; the next one begins on a page of its own */
static void
test_pages (void)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) words = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  guint number = 0;
  guint last_page = 0;

  for (guint i = 0; i < 150; i++)
    g_string_append_printf (text, "word%u and what else there is to say about bread, which is much more than a line of this paper can hold\n", i);

  g_ptr_array_add (messages, new_message ("Long", text->str));
  g_ptr_array_add (messages, new_message ("Second", "hello"));
  g_ptr_array_add (messages, new_message ("Third", ""));
  words = print (messages, "pages.pdf");
  check_margins (words);

  for (guint i = 0; i < words->len; i++)
    {
      Word *word = g_ptr_array_index (words, i);

      if (g_str_has_prefix (word->text, "word"))
        {
          g_assert_cmpuint (atoi (word->text + strlen ("word")), ==, number++);
          g_assert_cmpuint (word->page, >=, last_page);
          last_page = word->page;
        }
    }

  g_assert_cmpuint (number, ==, 150);
  g_assert_cmpuint (last_page, >=, 3);
  g_assert_cmpuint (find (words, "Second")->page, ==, last_page + 1);
  g_assert_cmpuint (find (words, "hello")->page, ==, last_page + 1);
  g_assert_cmpuint (find (words, "Third")->page, ==, last_page + 2);
  g_assert_nonnull (find (words, "of"));
  g_assert_cmpuint (count_pages (words), ==, last_page + 2);
}

/* What a visitor wrote is text, in every script, and in the direction in which it is read */
static void
test_text (void)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) words = NULL;
  g_autofree char *letters = g_strnfill (400, 'W');
  g_autofree char *unbroken = g_strconcat ("https://", letters, NULL);

  g_ptr_array_add (messages, new_message ("<b>Bold</b>", "<span foreground='red'>red</span> &amp; <a href='x'>"));
  g_ptr_array_add (messages, new_message ("ליאת", "שלום\nhello"));
  g_ptr_array_add (messages, new_message ("Ann 🍞", "🎉 Grüße ﬁn"));
  g_ptr_array_add (messages, new_message ("Wide", unbroken));
  words = print (messages, "text.pdf");
  check_margins (words);

  find (words, "&lt;b&gt;Bold&lt;/b&gt;");
  find (words, "foreground=&apos;red&apos;&gt;red&lt;/span&gt;");
  find (words, "&amp;amp;");
  g_assert_cmpfloat (find_with (words, "ש")->right, >, PAGE_WIDTH - MARGIN - 3);
  g_assert_cmpfloat (find (words, "hello")->left, <, MARGIN + 3);
  find (words, "Grüße");
  find (words, "ann@example.org");
  g_assert_cmpuint (count_pages (words), ==, 4);

  /* No sign is added to an address that takes several lines */
  for (guint i = 0; i < words->len; i++)
    g_assert_false (g_str_has_suffix (((Word *) g_ptr_array_index (words, i))->text, "W-"));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  setlocale (LC_ALL, "");

  g_test_init (&argc, &argv, NULL);
  g_log_writer_default_set_use_stderr (TRUE);
  gtk_init_check ();

  g_test_add_func ("/app/print/pages", test_pages);
  g_test_add_func ("/app/print/text", test_text);

  return g_test_run ();
}
