/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-project.h"

#include "aws-json.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Package lists are small; sources of a site are not more than that */
#define MAX_PACKAGE (1024 * 1024)
#define MAX_SOURCES 20000
#define MAX_DEPTH   24

/* Programs that make web sites: what they are known by, what to type, and where the finished site lies. Marks and outputs
 * are glob patterns; all marks of a line must be there. The more particular come first. */
typedef struct
{
  const char *name;
  const char *command;
  const char *package;     /* what package.json depends on, besides or instead of marks */
  const char *marks[3];
  const char *outputs[4];
} Maker;

static const Maker makers[] = {
  { "Docusaurus", "npm run build", "@docusaurus/core", { "docusaurus.config.*" }, { "build" } },
  { "Next.js", "npm run build", "next", { "next.config.*" }, { "out" } },
  { "Nuxt", "npx nuxi generate", "nuxt", { "nuxt.config.*" }, { ".output/public", "dist" } },
  { "Gatsby", "npm run build", "gatsby", { "gatsby-config.*" }, { "public" } },
  { "Astro", "npm run build", "astro", { "astro.config.*" }, { "dist" } },
  { "Eleventy", "npx @11ty/eleventy", "@11ty/eleventy", { "{.eleventy,eleventy.config}.*js" }, { "_site", "dist", "public" } },
  { "Angular", "npm run build", "@angular/core", { "angular.json" }, { "dist/*/browser", "dist/browser", "dist/*", "dist" } },
  { "VitePress", "npx vitepress build", "vitepress", { "{.,docs}/.vitepress" }, { "{.,docs}/.vitepress/dist" } },
  { "SvelteKit", "npm run build", "@sveltejs/kit", { "svelte.config.*" }, { "build" } },
  { "React", "npm run build", "react-scripts", { NULL }, { "build" } },
  { "Vue", "npm run build", "@vue/cli-service", { "vue.config.*" }, { "dist" } },
  { "Vite", "npm run build", "vite", { "vite.config.*" }, { "dist" } },
  { "Hexo", "npx hexo generate", "hexo", { NULL }, { "public" } },
  { "Hugo", "hugo", NULL, { "hugo.{toml,yaml,yml,json}" }, { "public" } },
  { "Hugo", "hugo", NULL, { "config.{toml,yaml,yml,json}", "archetypes" }, { "public" } },
  { "Hugo", "hugo", NULL, { "config/_default", "content" }, { "public" } },
  { "Zola", "zola build", NULL, { "config.toml", "content", "templates" }, { "public" } },
  { "MkDocs", "mkdocs build", NULL, { "mkdocs.y*ml" }, { "site" } },
  { "Sphinx", "make html", NULL, { "conf.py", "*.{rst,md}" }, { "_build/html", "build/html" } },
  { "Sphinx", "make html", NULL, { "{source,docs}/conf.py" }, { "build/html", "_build/html", "docs/_build/html" } },
  { "Pelican", "pelican content", NULL, { "pelicanconf.py" }, { "output" } },
  { "Lektor", "lektor build -O build", NULL, { "*.lektorproject" }, { "build", "output", "htdocs" } },
  { "Publii", "Publish in Publii", NULL, { "input/db.sqlite" }, { "output" } },
  { "Jekyll", "bundle exec jekyll build", NULL, { "_config.y*ml", "_{posts,layouts,includes,pages}" }, { "_site" } },
  { "Jekyll", "bundle exec jekyll build", NULL, { "_config.y*ml", "Gemfile" }, { "_site" } },
};

static gboolean
is_special (char c)
{
  return strchr ("*?[]{}\\~", c) != NULL;
}

/* The first match of a pattern below the folder, whose own name is taken as it is; NULL if there is none */
static char *
find_match (const char *folder,
            const char *pattern)
{
  g_autoptr(GString) whole = g_string_new (NULL);
  char *match = NULL;
  glob_t found;

  for (const char *p = folder; *p != '\0'; p++)
    {
      if (is_special (*p))
        g_string_append_c (whole, '\\');
      g_string_append_c (whole, *p);
    }
  g_string_append_printf (whole, "/%s", pattern);

  if (glob (whole->str, GLOB_BRACE, NULL, &found) == 0)
    {
      match = g_strdup (found.gl_pathv[0]);
      globfree (&found);
    }

  return match;
}

static JsonObject *
load_package (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "package.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  struct stat info;
  gsize length;

  if (stat (path, &info) < 0 || !S_ISREG (info.st_mode) || info.st_size > MAX_PACKAGE ||
      !g_file_get_contents (path, &text, &length, NULL))
    return NULL;

  bytes = g_bytes_new (text, length);

  return aws_json_load_object (bytes, NULL);
}

static gboolean
depends_on (JsonObject *package,
            const char *name)
{
  static const char * const lists[] = { "dependencies", "devDependencies" };

  for (guint i = 0; package != NULL && i < G_N_ELEMENTS (lists); i++)
    {
      JsonObject *list = aws_json_get_object (package, lists[i]);

      if (list != NULL && json_object_has_member (list, name))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_marks (const Maker *maker,
           const char  *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (maker->marks) && maker->marks[i] != NULL; i++)
    {
      g_autofree char *match = find_match (folder, maker->marks[i]);

      if (match == NULL)
        return FALSE;
    }

  return maker->marks[0] != NULL;
}

static const Maker *
find_maker (const char *folder)
{
  g_autoptr(JsonObject) package = load_package (folder);

  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    if (has_marks (&makers[i], folder) || (makers[i].package != NULL && depends_on (package, makers[i].package)))
      return &makers[i];

  return NULL;
}

static char *
find_output (const Maker *maker,
             const char  *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (maker->outputs) && maker->outputs[i] != NULL; i++)
    {
      g_autofree char *pattern = g_strconcat (maker->outputs[i], "/index.html", NULL);
      g_autofree char *page = find_match (folder, pattern);

      if (page != NULL)
        return g_path_get_dirname (page);
    }

  return NULL;
}

typedef struct
{
  const char *but;       /* the output: no source */
  gint64      newest;
  guint       n_files;
} Sources;

/* The newest change below a folder; what programs fetched or keep for themselves does not count */
static void
find_newest (Sources    *self,
             const char *folder,
             guint       depth)
{
  DIR *dir = depth < MAX_DEPTH ? opendir (folder) : NULL;
  struct dirent *entry;

  while (dir != NULL && self->n_files < MAX_SOURCES && (entry = readdir (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, entry->d_name, NULL);
      struct stat info;

      if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, "..") || g_str_equal (entry->d_name, "node_modules") || g_strcmp0 (path, self->but) == 0 ||
          g_str_has_suffix (entry->d_name, "-lock.json") || g_str_has_suffix (entry->d_name, ".lock") ||
          lstat (path, &info) < 0)
        continue;

      if (S_ISDIR (info.st_mode) && entry->d_name[0] != '.')
        find_newest (self, path, depth + 1);
      else if (S_ISREG (info.st_mode))
        {
          self->n_files++;
          self->newest = MAX (self->newest, (gint64) info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1000000);
        }
    }

  if (dir != NULL)
    closedir (dir);
}

static gboolean
is_stale (const char *folder,
          const char *output)
{
  Sources sources = { .but = output };
  Sources made = { 0 };

  find_newest (&sources, folder, 0);
  find_newest (&made, output, 0);

  return sources.newest > made.newest;
}

/**
 * porch_project_find:
 * @folder: the path of a folder
 *
 * Looks whether a program makes a web site of what is in a folder, and where the finished site is. Blocks.
 *
 * Returns: (transfer full) (nullable): the project, or %NULL if it is none that is known
 */
PorchProject *
porch_project_find (const char *folder)
{
  const Maker *maker;
  PorchProject *self;

  g_return_val_if_fail (folder != NULL, NULL);

  if ((maker = find_maker (folder)) == NULL)
    return NULL;

  self = g_new0 (PorchProject, 1);
  self->maker = maker->name;
  self->command = maker->command;
  self->output = find_output (maker, folder);
  self->is_stale = self->output != NULL && is_stale (folder, self->output);

  return self;
}

/**
 * porch_project_free:
 * @self: (transfer full): a project
 *
 * Frees it.
 */
void
porch_project_free (PorchProject *self)
{
  g_free (self->output);
  g_free (self);
}
