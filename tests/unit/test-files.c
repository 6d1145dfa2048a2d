/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-files.c - manifests from files: shapes of YAML and JSON, directories, broken documents, and
 * where an object and its fields stand.
 */
#include "config.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rutter/buf.h"
#include "rutter/mem.h"
#include "rutter/source.h"
#include "tests/lib/tap.h"

static char *folder;

static void put_file(const char *name, const char *text, size_t len)
{
	char *path = rt_xprintf("%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	if (f) {
		fwrite(text, 1, len, f);
		fclose(f);
	}
	free(path);
}

static void put_folder(const char *name)
{
	char *path = rt_xprintf("%s/%s", folder, name);

	mkdir(path, 0700);
	free(path);
}

/* Reads a path below the folder ("" is the folder itself) into a store of its own. */
static struct rt_store *read_path(
    const char *name, bool recursive, enum rt_status want, struct rt_error *err)
{
	char *path = strcmp(name, "-") == 0 ? rt_xstrdup("-")
					    : rt_xprintf("%s%s%s", folder, *name ? "/" : "", name);
	const char *const paths[] = {path};
	struct rt_files_opts opts = {.paths = paths, .count = 1, .recursive = recursive};
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	enum rt_status st;

	*err = (struct rt_error){0};
	st = rt_source_files(s, &opts, err);
	if (st != want)
		tap_diag("%s: %s", name, err->msg);
	tap_is_int(st, want, "%s is read, or not", name);
	free(path);
	return s;
}

/* kind ns/name@line#doc.item of every object, and problems. */
static void tell(struct rt_buf *out, const struct rt_store *s)
{
	const struct rt_input_problem *problems;
	size_t n = rt_store_problems(s, &problems);

	for (int k = 0; k < RT_KIND_COUNT; k++) {
		const struct rt_obj *const *objs;
		size_t count = rt_store_list(s, (enum rt_kind)k, &objs);

		for (size_t i = 0; i < count; i++)
			rt_buf_printf(out, "%s %s/%s@%u#%u.%d ", objs[i]->kind_name,
			    objs[i]->ns ? objs[i]->ns : "", objs[i]->name, objs[i]->origin.line,
			    objs[i]->origin.doc, objs[i]->origin.item);
	}
	for (size_t i = 0; i < n; i++)
		rt_buf_printf(out, "(%s %s@%u#%u.%d: %s) ",
		    problems[i].ref.kind ? problems[i].ref.kind : "?",
		    problems[i].ref.name ? problems[i].ref.name : "?", problems[i].origin.line,
		    problems[i].origin.doc, problems[i].origin.item, problems[i].message);
}

static void holds(const char *name, bool recursive, const char *want)
{
	struct rt_error err;
	struct rt_store *s = read_path(name, recursive, RT_OK, &err);
	struct rt_buf out = {0};

	tell(&out, s);
	tap_is_str(rt_buf_str(&out), want, "what %s holds", *name ? name : "the folder");
	rt_buf_done(&out);
	rt_store_free(s);
}

static const struct {
	const char *name, *text, *want;
} shapes[] = {
    {"one.yaml", "# a comment\napiVersion: v1\nkind: Service\nmetadata:\n  name: a\n",
	"Service default/a@2#0.-1 "},
    {"many.yml",
	"---\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: x}\n---\n# "
	"none\n---\n"
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n...\n",
	"Service x/b@3#1.-1 Namespace /x@9#3.-1 "},
    {"list.yaml",
	"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: "
	"a}\n"
	"-\n  apiVersion: v1\n  kind: Service\n  metadata: {name: b}\n",
	"Service default/a@4#0.0 Service default/b@8#0.1 "},
    {"typed.yaml", "apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n",
	"Service default/a@4#0.0 "},
    {"flow.yaml", "{apiVersion: v1, kind: Service, metadata: {name: a}}\n",
	"Service default/a@1#0.-1 "},
    {"crlf.yaml",
	"\xef\xbb\xbf"
	"apiVersion: v1\r\nkind: Service\r\nmetadata:\r\n  name: a\r\n---\r\napiVersion: "
	"v1\r\nkind: Service\r\nmetadata:\r\n  name: b\r\n",
	"Service default/a@1#0.-1 Service default/b@6#1.-1 "},
    {"anchors.yaml",
	"apiVersion: v1\nkind: Service\nmetadata: &m {name: a, labels: &l {x: z}}\nspec: "
	"{selector: *l}\n",
	"Service default/a@1#0.-1 "},
    {"empty.yaml", "", ""},
    {"comment.yaml", "# nothing\n---\n", ""},
    {"one.json", "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}",
	"Service default/a@1#0.-1 "},
    {"json.yaml", "\n {\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}",
	"Service default/a@2#0.-1 "},
    {"many.json",
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}\n---\n"
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"b\"}}{\"kind\":"
	"\"Service\",\n"
	"\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\"}}",
	"Service default/a@1#0.-1 Service default/b@3#1.-1 Service default/c@3#2.-1 "},
    {"list.json",
	"{\n  \"apiVersion\": \"v1\",\n  \"items\": [\n    {\n      \"apiVersion\": \"v1\",\n      "
	"\"kind\": \"Service\",\n"
	"      \"metadata\": {\"name\": \"a\"}\n    },\n    {\"apiVersion\": \"v1\", \"kind\": "
	"\"Namespace\", \"metadata\": {\"name\": \"x\"}}\n"
	"  ],\n  \"kind\": \"List\"\n}\n",
	"Service default/a@4#0.0 Namespace /x@9#0.1 "},
    {"typed.json",
	"{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"a\"}}"
	"]}",
	"Service default/a@1#0.0 "},
    /* What the elements are may be told only behind them: jq -S sorts the members so. */
    {"typed-behind.json",
	"{\"items\":[{\"metadata\":{\"name\":\"a\"}},\n{\"metadata\":{\"name\":\"b\"},\"spec\":"
	"{\"ports\":1}}],\"kind\":\"ServiceList\",\"apiVersion\":\"v1\"}\n"
	"{\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"x\"}}],"
	"\"kind\":\"NamespaceList\"}",
	"Service default/a@1#0.0 Namespace /x@3#1.0 "
	"(Service b@2#0.1: spec.ports is a number, not a list) "},
    {"huge.json",
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"},\"spec\":{"
	"\"ports\":[{\"port\":100000000000000000000}]}}",
	"(Service a@1#0.-1: spec.ports[0].port is not a whole number in range) "},
    {"untold.json", "{\"items\":[{\"metadata\":{\"name\":\"a\"}}]}",
	"(? a@1#0.0: apiVersion is missing) "},
    {"own-items.json",
	"{\"apiVersion\":\"x.y/v1\",\"items\":[{\"a\":1}],\"kind\":\"Menu\",\"metadata\":{\"name\":"
	"\"m\"}}",
	""},
    {"lists.json",
	"{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{\"kind\":\"ServiceList\","
	"\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"a\"}}]}]}",
	"Service default/a@1#0.0 "},
    {"bom.json", "\xef\xbb\xbf{\"kind\":\"List\",\"items\":[]}\r\n", ""},
    {"unknown.json",
	"{\"apiVersion\":\"x.y/v1\",\"kind\":\"Menu\",\"metadata\":{\"name\":\"m\"},\"items\":[1]}",
	"Menu default/m@1#0.-1 "},
    /* problems of the store, which stop nothing */
    {"problems.json",
	"{\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{}}"
	",\n7,\n"
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"},\"spec\":{"
	"\"ports\":1}},"
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"b\"}}]}",
	"Service default/b@3#0.3 (Service ?@1#0.0: metadata.name is missing) "
	"(? ?@2#0.1: not an object but a number) (Service a@3#0.2: spec.ports is a number, not a "
	"list) "},
    {"problems.yaml",
	"just text\n---\n- a\n---\nkind: Service\n---\napiVersion: v1\nkind: Service\nmetadata: "
	"{name: b}\n",
	"Service default/b@7#3.-1 (? ?@1#0.-1: not an object but a string) (? ?@3#1.-1: not an "
	"object but a list) "
	"(Service ?@5#2.-1: apiVersion is missing) "},
};

static void check_shapes(void)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(shapes); i++) {
		put_file(shapes[i].name, shapes[i].text, strlen(shapes[i].text));
		holds(shapes[i].name, false, shapes[i].want);
	}
}

static void check_broken(void)
{
	static const struct {
		const char *name, *text, *want;
	} broken[] = {
	    {"b1.yaml", "a: 1\n---\nb:\n\t- x\n", ":4:1: a tab where YAML allows spaces only"},
	    {"b2.yaml", "a: [1\n", ":2:1: did not find expected ',' or ']'"},
	    {"b1.json", "{\"kind\":\"List\",\"items\":[\n{\"a\":1},\n  nope]}",
		":3:4: expected true, false or null"},
	    {"b2.json", "{\"kind\":\"List\",\"items\":[{\"a\":1}",
		":1:32: the input ends inside a document"},
	    {"b3.json",
		"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"ports\":[{\"port\":80,"
		"\n\"name\" \"x\"}]}}",
		":2:10: ':' expected near"},
	    {"b4.json",
		"{\"kind\":\"List\",\"items\":[\n   "
		"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\","
		"\"labels\":\n{\"a\":1,}}}]}",
		":3:8: "},
	    {"b5.json", "{\"kind\":\"Foo\",\"metadata\":{\"name\":\"\\x\"}}", ":1:"},
	};
	struct rt_error err;

	for (size_t i = 0; i < RT_ARRAY_LEN(broken); i++) {
		put_file(broken[i].name, broken[i].text, strlen(broken[i].text));
		rt_store_free(read_path(broken[i].name, false, RT_INPUT, &err));
		tap_ok(strstr(err.msg, broken[i].want) && strstr(err.msg, broken[i].name),
		    "says where: %s", err.msg);
	}
	rt_store_free(read_path("nothing-here.yaml", false, RT_IO, &err));
	tap_ok(strstr(err.msg, "nothing-here.yaml") != NULL, "says what: %s", err.msg);
	rt_store_free(read_path("https://example.com/a.yaml", false, RT_IO, &err));
	tap_ok(strstr(err.hint, "curl -s") != NULL, "says what to do about a URL: %s", err.hint);
	put_file("packed.yaml", "\x1f\x8b\x08\0abc", 7);
	rt_store_free(read_path("packed.yaml", false, RT_INPUT, &err));
	tap_ok(strstr(err.hint, "gunzip -c") != NULL, "about what is compressed: %s", err.hint);
	put_file("t.yaml", "{{- if .Values.web }}\nkind: Service\n{{- end }}\n", 45);
	rt_store_free(read_path("t.yaml", false, RT_INPUT, &err));
	tap_ok(strstr(err.hint, "helm template") != NULL, "about a template: %s", err.hint);
}

static void check_folders(void)
{
	put_folder("d");
	put_folder("d/sub");
	for (size_t i = 0; i < 5; i++) {
		static const char *const names[] = {
		    "d/b.json", "d/a.yaml", "d/c.yml", "d/sub/d.json", "d/no.txt"};
		char *text = rt_xprintf(
		    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"%c\"}}",
		    names[i][i == 3 ? 6 : 2]);

		put_file(names[i], text, strlen(text));
		free(text);
	}
	put_folder("d/.git");
	put_file("d/.git/x.yaml", "}{", 2);
	put_file("d/.a.yaml", "}{", 2);
	holds("d", false,
	    "Service default/a@1#0.-1 Service default/b@1#0.-1 Service default/c@1#0.-1 ");
	holds("d", true,
	    "Service default/a@1#0.-1 Service default/b@1#0.-1 Service default/c@1#0.-1 Service "
	    "default/d@1#0.-1 ");
}

/* ------------------------------------------------------------------ looking up again */

static const char lookup_yaml[] =
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata:\n"
    "  name: a\n"
    "spec:\n"
    "  ports:\n"
    "  - port: 80\n"
    "  - port: 81\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: List\n"
    "items:\n"
    "- apiVersion: v1\n"
    "  kind: Service\n"
    "  metadata: &x\n"
    "    name: b\n"
    "- apiVersion: v1\n"
    "  kind: Service\n"
    "  metadata:\n"
    "    <<: *x\n"
    "    name: c\n"
    "  spec:\n"
    "    ports:\n"
    "    - port: 80\n"
    "---\n"
    "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service,\n"
    " metadata: {name: d},\n"
    " spec: {ports: [{port: 80}]}}]}\n";
static const char lookup_json[] =
    "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n"
    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"},\n"
    "\"spec\":{\"ports\":[{\"port\":80},\n"
    "{\"port\":81}]}}, "
    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"b\",\"annotations\":{\n"
    "\"x.y/\\u007a\":\"}\"}},\n"
    "\"spec\":{}}]}\n";

static void check_lines(const char *name, const char *object, const char *field, unsigned want)
{
	struct rt_error err;
	struct rt_store *s = read_path(name, false, RT_OK, &err);
	const struct rt_obj *o = rt_store_get(s, RT_KIND_SERVICE, "default", object);
	struct rt_line_finder *f = rt_line_finder_new(NULL);

	tap_ok(o != NULL, "%s is there", object);
	if (o)
		tap_is_int(rt_line_find(f, &o->origin, field), want, "line of %s of %s in %s",
		    field, object, name);
	rt_line_finder_free(f);
	rt_store_free(s);
}

static void check_lookup(void)
{
	static const struct {
		const char *file, *object, *field;
		unsigned line;
	} cases[] = {
	    {"l.yaml", "a", "spec.ports[1].port", 8},
	    {"l.yaml", "a", "spec.ports[1].name", 8},
	    {"l.yaml", "a", "status", 1},
	    {"l.yaml", "b", "metadata.name", 16},
	    {"l.yaml", "c", "spec.ports[0].port", 24},
	    {"l.yaml", "c", "spec.type", 22},
	    {"l.yaml", "c", "metadata.name", 21},
	    {"l.yaml", "d", "spec.ports[0].port", 28},
	    {"l.json", "a", "spec.ports[1]", 4},
	    {"l.json", "a", "spec.ports[0].port", 3},
	    {"l.json", "a", "spec.ports[7]", 3},
	    {"l.json", "a", "spec.type", 3},
	    {"l.json", "b", "metadata.annotations['x.y/z']", 5},
	    {"l.json", "b", "spec", 6},
	    {"l.json", "b", "status.x", 4},
	};

	put_file("l.yaml", lookup_yaml, strlen(lookup_yaml));
	put_file("l.json", lookup_json, strlen(lookup_json));
	for (size_t i = 0; i < RT_ARRAY_LEN(cases); i++)
		check_lines(cases[i].file, cases[i].object, cases[i].field, cases[i].line);
}

static void has_text(const char *file, const char *object, const char *want)
{
	struct rt_error err;
	struct rt_store *s = read_path(file, false, RT_OK, &err);
	const struct rt_obj *o = rt_store_get(s, RT_KIND_SERVICE, "default", object);
	struct rt_line_finder *f = rt_line_finder_new(NULL);
	char *text = o ? rt_source_text(f, o) : NULL;

	tap_is_str(text, want, "text of %s in %s", object, file);
	free(text);
	rt_line_finder_free(f);
	rt_store_free(s);
}

static void check_text(void)
{
	static const char secret[] = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{"
				     "\"name\":\"s\"},\"data\":{\"tls.key\":\"c2VjcmV0\"}}";
	struct rt_error err;
	struct rt_store *s;
	const struct rt_obj *o;
	struct rt_line_finder *f = rt_line_finder_new(NULL);
	char *text;

	has_text("l.yaml", "b", "apiVersion: v1\nkind: Service\nmetadata:\n  name: b\n");
	has_text("l.yaml", "d",
	    "apiVersion: v1\nkind: Service\nmetadata:\n  name: d\nspec:\n  ports:\n  - port: 80\n");
	has_text("l.json", "b",
	    "apiVersion: v1\nkind: Service\nmetadata:\n  name: b\n  annotations:\n    x.y/z: "
	    "\"}\"\nspec: {}\n");
	put_file("s.json", secret, strlen(secret));
	s = read_path("s.json", false, RT_OK, &err);
	o = rt_store_get(s, RT_KIND_SECRET, "default", "s");
	text = o ? rt_source_text(f, o) : NULL;
	tap_ok(text && !strstr(text, "c2VjcmV0") && !strstr(text, "secret"),
	    "the payload of a Secret is not told");
	free(text);
	rt_line_finder_free(f);
	rt_store_free(s);
}

static void check_stdin(const char *text, unsigned want)
{
	static const char *const paths[] = {"-"};
	struct rt_buf kept = {0};
	struct rt_files_opts opts = {.paths = paths, .count = 1, .keep_stdin = &kept};
	struct rt_store *s = rt_store_new(RT_STORE_FILES);
	const struct rt_obj *o;
	struct rt_line_finder *f;
	char *path = rt_xprintf("%s/stdin", folder);

	put_file("stdin", text, strlen(text));
	if (!freopen(path, "r", stdin))
		tap_ok(false, "cannot open standard input anew");
	tap_is_int(rt_source_files(s, &opts, NULL), RT_OK, "standard input is read");
	tap_is_str(rt_buf_str(&kept), text, "and kept");
	o = rt_store_get(s, RT_KIND_SERVICE, "default", "a");
	f = rt_line_finder_new(&kept);
	tap_is_str(o ? o->origin.file : NULL, "-", "as the file -");
	tap_is_int(
	    o ? rt_line_find(f, &o->origin, "spec.ports[1]") : 0, want, "line in standard input");
	rt_line_finder_free(f);
	rt_buf_done(&kept);
	rt_store_free(s);
	unlink(path);
	free(path);
}

/* More objects than a portion holds, and a broken one at the end. */
static void check_large(void)
{
	struct rt_buf b = {0};
	struct rt_error err;
	struct rt_store *s;

	rt_buf_puts(&b, "{\"kind\":\"List\",\"items\":[");
	for (int i = 0; i < 5000; i++)
		rt_buf_printf(&b,
		    "%s{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s%d\"},"
		    "\"spec\":{\"type\":\"ClusterIP\"}}",
		    i ? ",\n" : "", i);
	rt_buf_puts(&b, "]}");
	put_file("large.json", b.data, b.len);
	s = read_path("large.json", false, RT_OK, &err);
	tap_is_int((long long)rt_store_count(s, RT_KIND_SERVICE), 5000, "a large list");
	rt_store_free(s);
	check_lines("large.json", "s4321", "spec.type", 4322);
	rt_buf_done(&b);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

int main(void)
{
	folder = tap_temporary("files");
	if (!mkdtemp(folder))
		return 1;
	check_shapes();
	check_broken();
	check_folders();
	check_lookup();
	check_text();
	check_stdin(lookup_yaml, 8);
	check_stdin(lookup_json, 4);
	check_large();
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(folder);
	return tap_done();
}
