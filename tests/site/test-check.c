/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-page.h"
#include "porch-photo.h"
#include "test-util.h"
#include "tree-util.h"

#include <string.h>

#define HEAD "<!DOCTYPE html><html lang=en><head><title>T</title><meta name=description content=d></head><body>"

static PorchFinding *
find_rule (PorchFolder *folder,
           const char  *rule,
           const char  *path,
           guint        line)
{
  GListModel *findings = porch_folder_get_findings (folder);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (porch_finding_get_rule (finding), rule) && g_strcmp0 (porch_finding_get_path (finding), path) == 0 &&
          porch_finding_get_line (finding) == line)
        return finding;
    }

  return NULL;
}

static PorchFolder *
check (const char *root)
{
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchFolder) folder = porch_folder_new (file, NULL);
  g_autoptr(GError) error = NULL;

  dex_await (porch_folder_scan (folder, PORCH_SCAN_CHECK), &error);
  g_assert_no_error (error);

  return g_steal_pointer (&folder);
}

static void
assert_clean (PorchFolder *folder)
{
  GListModel *findings = porch_folder_get_findings (folder);

  if (g_list_model_get_n_items (findings) > 0)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, 0);

      g_error ("%s %s:%u: %s", porch_finding_get_rule (finding), porch_finding_get_path (finding),
               porch_finding_get_line (finding), porch_finding_get_text (finding));
    }
}

static void
assert_finding (PorchFolder *folder,
                const char  *rule,
                const char  *path,
                guint        line)
{
  PorchFinding *finding = find_rule (folder, rule, path, line);

  if (finding == NULL)
    g_error ("No finding %s in %s, line %u", rule, path, line);

  g_assert_cmpint (porch_finding_get_severity (finding), !=, PORCH_SEVERITY_ERROR);
  g_assert_nonnull (porch_finding_get_fix (finding));
  g_assert_nonnull (strstr (porch_finding_get_text (finding), "."));
}

/* A JPEG of that size; where it was taken comes in the order of bytes given */
static void
write_photo (const char *root,
             const char *path,
             guint       width,
             gboolean    has_location,
             char        order,
             gsize       length)
{
  g_autoptr(GByteArray) all = g_byte_array_new ();
  g_autofree char *filename = g_build_filename (root, path, NULL);
  guint8 big[] = { 0xff, 0xe1, 0, 72, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                   0, 1, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0,
                   0, 3, 0, 0, 0, 1, 0, 0, 0, 4, 2, 3, 0, 0, 0, 2, 0, 5, 0, 0, 0, 3, 0, 0, 0, 0, 0, 4, 0, 5, 0, 0, 0, 3, 0, 0, 0, 0 };
  guint8 little[] = { 0xff, 0xe1, 0, 72, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0,
                      1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0,
                      3, 0, 0, 0, 1, 0, 4, 0, 0, 0, 2, 3, 0, 0, 2, 0, 5, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 5, 0, 3, 0, 0, 0, 0, 0, 0, 0 };
  guint8 frame[] = { 0xff, 0xc0, 0, 11, 8, 0, 100, width >> 8, width & 0xff, 1, 1, 0x11, 0, 0xff, 0xda };

  G_STATIC_ASSERT (sizeof big == 74 && sizeof little == 74);
  g_byte_array_append (all, (const guint8 *) "\xff\xd8", 2);
  if (has_location)
    g_byte_array_append (all, order == 'M' ? big : little, sizeof big);
  g_byte_array_append (all, frame, sizeof frame);
  if (all->len < length)
    {
      gsize before = all->len;

      g_byte_array_set_size (all, length);
      memset (all->data + before, 0, length - before);
    }

  tree_write (root, path, "");
  g_assert_true (g_file_set_contents (filename, (const char *) all->data, all->len, NULL));
}

static void
test_clean (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;

  tree_write (root, "index.html", HEAD
              "<a href='about.html'>1</a><a href=about/>2</a><a href=/about>3</a><a href='./about/index.html?x=1#team'>4</a>"
              "<a href='#top'>5</a><a href='#here'>6</a><p id=here><a href=''>7</a><a href='tel:1'>8</a><a href='mailto:a@b'>9</a>"
              "<a href='javascript:void(0)'>10</a><a href='//example.com/x'>11</a><a href='http://example.com/'>12</a>"
              "<a href='a%20b/c%C3%BC.html'>13</a><a href='a b/cü.html'>14</a><a href='../../about.html'>15</a>"
              "<img src='i.png' alt=''><img src=i.png role=presentation><img srcset='i.png 1x, i.png?v=2 2x' src=i.png alt=a>"
              "<img src='data:image/png;base64,AAAA' alt=x><script src=\"\n i.js \"></script><link rel=stylesheet href=s.css>"
              "<a href='LICENSE'>16</a><a href='#/route'>17</a><a href='about/#:~:text=x'>18</a><a href='/_porchlight/visits'>19</a>"
              "<form method=post action=/_porchlight/contact></form><form action=/about/><input name=q></form>"
              "<form method=post action='https://example.com/f'></form><form method=post id=f></form>"
              "<!-- <a href='gone.html'> --><script>var a = '<a href=\"gone.html\">';</script>"
              "<svg><title>no</title><image href=i.png /></svg>");
  tree_write (root, "about.html", HEAD);
  tree_write (root, "about/index.html", HEAD "<a name=team></a>");
  tree_write (root, "a b/cü.html", HEAD "<base href=/><a href=about.html>");
  tree_write (root, "other.html", HEAD "<base href='https://example.com/'><a href=gone.html>");
  tree_write (root, "moved.html", "<html><meta http-equiv=refresh content='0; url=about.html'>");
  tree_write (root, "piece.html", "<p>A piece for scripts</p>");
  tree_write (root, "i.png", "\x89PNG");
  tree_write (root, "i.js", "");
  tree_write (root, "LICENSE", "x");
  tree_write (root, "s.css", "/* url(gone.png) */ a { background: url( 'i.png' ) } b { background: URL(i.png#x), url(data:a,b) } @import \"t.css\";\n"
              "@font-face { src: url(https://example.com/f) }");
  tree_write (root, "t.css", "@namespace svg url(http://www.w3.org/2000/svg);");

  folder = check (root);
  assert_clean (folder);
  test_remove_folder (root);
}

static void
test_faults (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(PorchFolder) folder = NULL;
  PorchFinding *finding;

  tree_write (root, "index.html", "<!doctype html>\n<html>\n<body>\n<a href=gone.html>1</a>\n<a href='Docs/Guide.html'>2</a>\n"
              "<a href='docs/guide.html#Nowhere'>3</a>\n<img src='http://example.com/a.png'>\n<a href='http://localhost:8080/x'>4</a>\n"
              "<a href='file:///home/me/a.pdf'>5</a>\n<a href='C:\\a.pdf'>6</a>\n<form method=post></form>\n"
              "<form method=post action='mailto:me@example.org'></form>\n<img src=photo.jpg alt=x width=200>\n"
              "<img srcset='small.jpg 1x,\n missing.jpg 2x' alt=x>\n");
  tree_write (root, "docs/guide.html", HEAD "<a href='../gone.html'>1</a><style>\na { background: url(no.png) }</style>"
              "<p style='background:url(\"no2.png\")'>");
  tree_write (root, "s.css", "a {}\nb { background: url(/no3.png) }");
  tree_write (root, "small.jpg", "x");
  write_photo (root, "photo.jpg", 1000, TRUE, 'M', 200 * 1024);
  write_photo (root, "other.jpg", 10, TRUE, 'I', 0);
  write_photo (root, "third.jpg", 10, FALSE, 'I', 0);
  tree_write_bytes (root, "heavy.png", 1, 1024 * 1024 + 1);

  folder = check (root);
  g_assert_false (porch_folder_has_errors (folder));
  assert_finding (folder, "link.broken", "docs/guide.html", 1);
  assert_finding (folder, "link.case", "index.html", 5);
  assert_finding (folder, "link.anchor", "index.html", 6);
  assert_finding (folder, "link.unencrypted", "index.html", 7);
  assert_finding (folder, "link.local", "index.html", 8);
  assert_finding (folder, "link.disk", "index.html", 9);
  assert_finding (folder, "form.nowhere", "index.html", 11);
  assert_finding (folder, "form.mail", "index.html", 12);
  assert_finding (folder, "picture.oversized", "index.html", 13);
  assert_finding (folder, "page.title", "index.html", 2);
  assert_finding (folder, "page.language", "index.html", 2);
  assert_finding (folder, "page.description", "index.html", 2);
  assert_finding (folder, "picture.alt", "index.html", 7);
  assert_finding (folder, "photo.location", "other.jpg", 0);
  assert_finding (folder, "picture.heavy", "heavy.png", 0);
  assert_finding (folder, "link.broken", "s.css", 2);

  /* One finding for one missing file, however many links lead there */
  finding = find_rule (folder, "link.broken", "docs/guide.html", 1);
  g_assert_nonnull (strstr (porch_finding_get_text (finding), "guide.html"));
  finding = find_rule (folder, "photo.location", "other.jpg", 0);
  g_assert_nonnull (strstr (porch_finding_get_text (finding), "2"));

  test_remove_folder (root);
}

/* What people really have. */
static void
test_soup (void)
{
  const char *latin = "<html lang=de><title>Gr\xfc\xdf" "e</title><a href='\xfc.html'>";
  const char *named = "<html lang=de><meta charset=iso-8859-5><title>\xb0</title>";
  const char *broken = "<<a <a href=1.html <b>\0x<table><td><a href='2.html'<p></table></html><a href=3.html>";
  const char *bom = "\xef\xbb\xbf<html lang=x><title>\xc3\xbc</title>";
  g_autoptr(PorchPage) a = porch_page_new_html (latin, strlen (latin));
  g_autoptr(PorchPage) b = porch_page_new_html (named, strlen (named));
  g_autoptr(PorchPage) c = porch_page_new_html (broken, strlen (broken));
  g_autoptr(PorchPage) d = porch_page_new_html ("", 0);
  g_autoptr(PorchPage) e = porch_page_new_html (bom, strlen (bom));
  g_autoptr(PorchPage) f = porch_page_new_css ("a { b: url(", 11);
  g_autoptr(PorchPage) g = porch_page_new_css ("/* url(x)", 9);

  g_assert_cmpstr (a->title, ==, "Grüße");
  g_assert_cmpstr (porch_page_get_link (a, 0)->address, ==, "ü.html");
  g_assert_cmpstr (b->title, ==, "А");
  g_assert_cmpuint (porch_page_get_n_links (c), >=, 1);
  g_assert_cmpuint (porch_page_get_n_links (d), ==, 0);
  g_assert_null (d->title);
  g_assert_cmpstr (e->title, ==, "ü");
  g_assert_cmpuint (porch_page_get_n_links (f), ==, 0);
  g_assert_cmpuint (porch_page_get_n_links (g), ==, 0);
}

/* Whatever is cut off or changed, it ends, and reads nothing beyond the end. */
static void
test_photo_garbage (void)
{
  g_autofree char *root = test_new_folder ();
  g_autofree char *filename = g_build_filename (root, "p.jpg", NULL);
  g_autofree char *data = NULL;
  gsize length;
  PorchPhoto photo;

  write_photo (root, "p.jpg", 640, TRUE, 'M', 0);
  g_assert_true (g_file_get_contents (filename, &data, &length, NULL));
  g_assert_true (porch_photo_read ((guint8 *) data, length, &photo));
  g_assert_cmpuint (photo.width, ==, 640);
  g_assert_cmpuint (photo.height, ==, 100);
  g_assert_true (photo.has_location);

  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, i);

      porch_photo_read (copy, i, &photo);

      for (guint value = 0; value < 256; value += 51)
        {
          g_autofree guint8 *changed = g_memdup2 (data, length);

          changed[i] = value;
          porch_photo_read (changed, length, &photo);
        }
    }

  test_remove_folder (root);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/check/clean", test_clean);
  test_add_fiber ("/site/check/faults", test_faults);
  test_add_fiber ("/site/check/soup", test_soup);
  test_add_fiber ("/site/check/photo-garbage", test_photo_garbage);

  return g_test_run ();
}
