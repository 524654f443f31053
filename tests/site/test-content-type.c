/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-content-type.h"

#include <string.h>

static void
check_type (const char *path,
            const char *head,
            gboolean    is_utf8,
            const char *expected)
{
  g_autofree char *type = porch_content_type_guess (path, (const guint8 *) head, strlen (head), is_utf8);

  g_assert_cmpstr (type, ==, expected);
}

static void
test_types (void)
{
  static const struct
  {
    const char *path;
    const char *type;
  } table[] = {
    { "index.html", "text/html; charset=utf-8" },
    { "old/PAGE.HTM", "text/html; charset=utf-8" },
    { "page.xhtml", "application/xhtml+xml" },
    { "style.css", "text/css; charset=utf-8" },
    { "app.js", "text/javascript; charset=utf-8" },
    { "app.mjs", "text/javascript; charset=utf-8" },
    { "app.js.map", "application/json" },
    { "data.json", "application/json" },
    { "site.webmanifest", "application/manifest+json" },
    { "feed.rss", "application/rss+xml" },
    { "atom.xml", "application/xml" },
    { "sitemap.xml", "application/xml" },
    { "robots.txt", "text/plain; charset=utf-8" },
    { "notes.md", "text/markdown; charset=utf-8" },
    { "table.csv", "text/csv; charset=utf-8" },
    { "event.ics", "text/calendar; charset=utf-8" },
    { "captions.vtt", "text/vtt; charset=utf-8" },
    { "program.c", "text/plain; charset=utf-8" },
    { "script.py", "text/plain; charset=utf-8" },
    { "style.scss", "text/plain; charset=utf-8" },
    { "server.log", "text/plain; charset=utf-8" },
    { "key.asc", "text/plain; charset=utf-8" },
    { "film.srt", "text/plain; charset=utf-8" },
    { "App.CJS", "text/javascript; charset=utf-8" },
    { "contact.vcf", "text/vcard; charset=utf-8" },
    { "news.atom", "application/atom+xml" },
    { "feed.xml", "application/xml" },
    { "transform.xslt", "application/xml" },
    { "feeds.opml", "application/xml" },
    { "friends.rdf", "application/rdf+xml" },
    { "data.jsonld", "application/ld+json" },
    { "map.geojson", "application/geo+json" },
    { "map.topojson", "application/json" },
    { "modules.importmap", "application/importmap+json" },
    { "track.gpx", "application/gpx+xml" },
    { "live.m3u8", "application/vnd.apple.mpegurl" },
    { "scene.gltf", "model/gltf+json" },
    { "logo.svg", "image/svg+xml" },
    { ".well-known/security.txt", "text/plain; charset=utf-8" },
    { ".well-known/assetlinks.json", "application/json" },
    { ".well-known/openpgpkey/policy", "text/plain; charset=utf-8" },
    { "CNAME", "text/plain; charset=utf-8" },
    { ".htaccess", "text/plain; charset=utf-8" },
    { "unknown.qqq", "text/plain; charset=utf-8" },
    { "LICENSE", "text/plain; charset=utf-8" },
    { ".well-known/apple-app-site-association", "application/json" },
  };
  static const struct
  {
    const char *path;
    const char *type;
  } binaries[] = {
    { "photo.jpg", "image/jpeg" },
    { "photo.JPEG", "image/jpeg" },
    { "logo.svg", "image/svg+xml" },
    { "logo.webp", "image/webp" },
    { "logo.avif", "image/avif" },
    { "favicon.ico", "image/x-icon" },
    { "font.woff2", "font/woff2" },
    { "font.ttf", "font/ttf" },
    { "clip.mp4", "video/mp4" },
    { "clip.webm", "video/webm" },
    { "song.mp3", "audio/mpeg" },
    { "module.wasm", "application/wasm" },
    { "paper.pdf", "application/pdf" },
    { "archive.tar.gz", "application/gzip" },
    { "archive.tgz", "application/gzip" },
    { "archive.zip", "application/zip" },
    { "photo.jfif", "image/jpeg" },
    { "photo.jxl", "image/jxl" },
    { "photo.heic", "image/heic" },
    { "anim.apng", "image/apng" },
    { "pointer.cur", "image/x-icon" },
    { "font.woff", "font/woff" },
    { "font.otf", "font/otf" },
    { "font.eot", "application/vnd.ms-fontobject" },
    { "song.m4a", "audio/mp4" },
    { "book.m4b", "audio/mp4" },
    { "song.opus", "audio/ogg" },
    { "song.oga", "audio/ogg" },
    { "song.flac", "audio/flac" },
    { "song.wav", "audio/wav" },
    { "song.aac", "audio/aac" },
    { "clip.m4v", "video/mp4" },
    { "clip.mov", "video/quicktime" },
    { "clip.ogv", "video/ogg" },
    { "piece.m4s", "video/iso.segment" },
    { "model.glb", "model/gltf-binary" },
    { "model.usdz", "model/vnd.usdz+zip" },
    { "book.epub", "application/epub+zip" },
    { "letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "sheet.ods", "application/vnd.oasis.opendocument.spreadsheet" },
    { "ticket.pkpass", "application/vnd.apple.pkpass" },
    { "app.apk", "application/vnd.android.package-archive" },
    { "disk.dmg", "application/x-apple-diskimage" },
    { "noending", "application/octet-stream" },
    { "unknown.qqq", "application/octet-stream" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    check_type (table[i].path, "text", TRUE, table[i].type);

  for (gsize i = 0; i < G_N_ELEMENTS (binaries); i++)
    check_type (binaries[i].path, "\x01\x02\xff\xfe", FALSE, binaries[i].type);
}

static void
test_content_decides (void)
{
  check_type ("page", "\n<!DOCTYPE html><html>", TRUE, "text/html; charset=utf-8");
  check_type ("segment.ts", "\x47\x40\x11\xff", FALSE, "video/mp2t");
  check_type ("source.ts", "const a = 1;", TRUE, "text/plain; charset=utf-8");
  check_type ("empty.txt", "", TRUE, "text/plain; charset=utf-8");
}

static void
test_charset (void)
{
  check_type ("a.html", "<html><meta charset=iso-8859-1>", FALSE, "text/html; charset=iso-8859-1");
  check_type ("a.html", "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=Windows-1252'>", FALSE,
              "text/html; charset=windows-1252");
  check_type ("a.css", "@charset \"iso-8859-15\";", FALSE, "text/css; charset=iso-8859-15");
  check_type ("a.html", "<meta charset=utf-8>caf\xe9", FALSE, "text/html");
  check_type ("a.html", "caf\xe9", FALSE, "text/html");
  check_type ("a.txt", "caf\xe9", FALSE, "text/plain");

  /* What comes from the file ends up in a header. */
  check_type ("a.html", "<meta charset='x\r\nSet-Cookie: a=b'>", FALSE, "text/html; charset=x");
}

static void
test_fingerprints (void)
{
  static const char * const good[] = {
    "main.8d3f2a1b.js",
    "static/js/main.4f3e2d1c.chunk.js",
    "static/js/main.4f3e2d1c.js.map",
    "static/media/logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg",
    "app-0a1b2c3d4e5f.css",
    "style.min.5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8.css",
    "application-908e25f4bf641868d8683022a5b62f54.css",
    "assets/javascripts/bundle.83f73b43.min.js",
    "base.27e20196a850.css",
    "main-QZ3K7WEA.js",
    "chunk-5YKXG2LT.js",
    "assets/index-B4x9d8Kf.js",
    "assets/index-BvCkPGYX.css",
    "blog/assets/vendor-D-f1_aQz.js",
    "_next/static/chunks/pages/_app.js",
    "_astro/hero.Cx3d.webp",
    "_app/immutable/entry/start.js",
    "_nuxt/entry.js",
    "static/6d91c86c0fde632ba4cd01062fd9ccfa/41099/photo.jpg",
    "component---src-pages-index-js-0f2a9b8c7d6e5f4a3b2c.js",
    "webpack-runtime-1f2e3d4c5b6a79880a1b.js",
    "347.4f3e2d1c.js",
    "js/chunk-vendors.3b3a7b9c.js",
    "css/app.82b9c7a5.css",
    "img/logo.82b9c7a5.png",
    "fonts/inter.6a1f0c9d.woff2",
    "vendor.8d3f2a1b.mjs",
    "assets/app.B4x9d8Kf.js",
    "assets/index.md.BvCkPGYX.lean.js",
    "assets/index.md.BvCkPGYX.js",
    "assets/chunks/framework.Dk3f_x2Q.js",
    "assets/inter-roman-latin.Di8DUHzh.woff2",
    "build/assets/entry.client-B4x9d8Kf.js",
    "docs/_next/static/css/3f8a1c9e0b7d6e5f.css",
    "_next/static/media/font.p.woff2",
    "_nuxt/entry.CJ3fk2sd.css",
    "_astro/client.svelte.DLs3gwSZ.js",
    "styles-5INURTSO.css",
    "polyfills-B6TNHZQ6.js",
    "main.1c2d3e4f5a6b7c8d.js",
    "runtime.8d3f2a1b4c5d6e7f.js.map",
    "js/bundle.min.9c1185a5c5e9fc54612808977ee8f548b2258d31.js",
    "sunset_hu3d03a01dcc18bc5be0e67db3d8d209a6_1234_300x0_resize_q75_box.jpg",
    "gallery/sunset_hu_8a7f9c3d4e5f6a7b.webp",
    "workbox-4723e66c.js",
    "manual.d41d8cd98f00b204e9800998ecf8427e.pdf",
    "4f53cda18c2baa0c0354bb5f9a3ecbe5.png",
  };
  static const char * const bad[] = {
    "index.js",
    "jquery.min.js",
    "jquery-3.7.1.min.js",
    "bootstrap-5.3.2.css",
    "IMG-20240101.jpg",
    "IMG_20240131_123456.jpg",
    "hero-1200x800.jpg",
    "about-portrait.jpg",
    "team-Portrait.jpg",
    "photo-iPhone14.jpg",
    "assets/photo-iPhone14.jpg",
    "assets/ui-DatePick.js",
    "assets/vendor-jquery36.js",
    "assets/tool-NavPanel.js",
    "cafe-facade.jpg",
    "DSC-HOLIDAY2.jpg",
    "photo-20240131.jpg",
    "photo-20240131b.jpg",
    "IMG_12345678.jpg",
    "IMG_1234abcd.jpg",
    "DSC_00012345.JPG",
    "report-2024.pdf",
    "invoice-4d5e6f70.pdf",
    "menu-cafe2024.png",
    "menu-decade80.jpg",
    "facade01-facade02.jpg",
    "backup-20240131T101530.json",
    "phone-01234567890.html",
    "lib-VERSION2.js",
    "app-RELEASE3.css",
    "assets/vendor-jQuery36.js",
    "assets/ui-iPhone14.js",
    "assets/login-Web3Auth.js",
    "assets/parser-Html5Dom.js",
    "assets/chart-LineChar.js",
    "js/index-B4x9d8Kf.js",
    "jquery-ui-1.13.2.custom.min.js",
    "fontawesome-6.5.1/css/all.min.css",
    "page-data/index/page-data.json",
    "page-data/sq/d/2841359383.json",
    "_next/data/build-id/index.json",
    "_app/version.json",
    "manifest.webmanifest",
    "main.4f3e2d1c.js.LICENSE.txt",
    "static/2024/summer/photo.jpg",
    "registerSW.js",
    "workbox-v7.0.0.js",
    "report-2024-12345678.pdf",
    "_nuxt/builds/latest.json",
    "static/css/site.css",
    "sw.js",
    "favicon.ico",
    "LICENSE",
    "v1.2.3",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    if (!porch_content_type_is_fingerprinted (good[i]))
      g_error ("Not recognised: %s", good[i]);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    if (porch_content_type_is_fingerprinted (bad[i]))
      g_error ("Taken for a fingerprint: %s", bad[i]);
}

static void
test_cache_rules (void)
{
  g_assert_cmpint (porch_cache_rule_for ("index.html", "text/html; charset=utf-8"), ==, PORCH_CACHE_PAGE);
  g_assert_cmpint (porch_cache_rule_for ("page.8d3f2a1b.html", "text/html"), ==, PORCH_CACHE_PAGE);
  g_assert_cmpint (porch_cache_rule_for ("a.xhtml", "application/xhtml+xml"), ==, PORCH_CACHE_PAGE);
  g_assert_cmpint (porch_cache_rule_for ("main.8d3f2a1b.js", "text/javascript"), ==, PORCH_CACHE_ASSET);
  g_assert_cmpint (porch_cache_rule_for ("photo.jpg", "image/jpeg"), ==, PORCH_CACHE_REST);

  g_assert_cmpstr (porch_cache_rule_get_header (PORCH_CACHE_PAGE), ==,
                   "public, max-age=0, s-maxage=31536000, must-revalidate");
  g_assert_cmpstr (porch_cache_rule_get_header (PORCH_CACHE_ASSET), ==, "public, max-age=31536000, immutable");
  g_assert_cmpstr (porch_cache_rule_get_header (PORCH_CACHE_REST), ==, "public, max-age=300, s-maxage=31536000");
  g_assert_true (porch_cache_header_is_immutable (porch_cache_rule_get_header (PORCH_CACHE_ASSET)));
  g_assert_false (porch_cache_header_is_immutable (porch_cache_rule_get_header (PORCH_CACHE_PAGE)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/site/content-type/types", test_types);
  g_test_add_func ("/site/content-type/content-decides", test_content_decides);
  g_test_add_func ("/site/content-type/charset", test_charset);
  g_test_add_func ("/site/content-type/fingerprints", test_fingerprints);
  g_test_add_func ("/site/content-type/cache-rules", test_cache_rules);

  return g_test_run ();
}
