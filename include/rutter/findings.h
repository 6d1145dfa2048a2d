/* SPDX-License-Identifier: Apache-2.0 */
/*
 * findings.h - the catalogue of findings, and what one run of it says about a world.
 *
 * One entry of the catalogue is one row of a const table: code, name, severity, texts, and the
 * function that looks for it. `rutter explain`, the README, the man page, SARIF and the tests are
 * made from these rows. A run owns everything it hands out (one arena); it borrows the facts and
 * the store and must end before they change.
 *
 *	struct rt_check *c = rt_check_new(&(struct rt_check_in){.an = an, .now = now});
 *	while (rt_check_step(c))
 *		;
 *	const struct rt_findings *all = rt_check_result(c);
 *	rt_check_free(c);
 */
#ifndef RUTTER_FINDINGS_H
#define RUTTER_FINDINGS_H

#include "rutter/selector.h"
#include "rutter/store.h"
#include "rutter/vec.h"

/* In the order of the catalogue: area by area. A code is never renumbered or reused. */
/* clang-format off */
#define RT_CODES(X) \
	X(GC01) X(GC02) X(GC03) X(GC04) X(GC08) X(GC09) X(GC11) X(GC12) X(GC14) X(GC15) \
	X(GC17) \
	X(GW01) X(GW02) X(GW03) X(GW05) X(GW07) X(GW08) X(GW10) X(GW12) X(GW13) X(GW14) \
	X(GW15) \
	X(LS01) X(LS02) X(LS03) X(LS04) X(LS05) X(LS06) X(LS07) X(LS08) X(LS09) X(LS10) \
	X(LS11) X(LS12) X(LS15) X(LS16) X(LS17) X(LS19) X(LS21) X(LS22) X(LS23) X(LS24) \
	X(LS25) X(LS26) X(LS27) \
	X(RT01) X(RT02) X(RT03) X(RT04) X(RT05) X(RT06) X(RT07) X(RT08) X(RT09) X(RT10) \
	X(RT12) X(RT13) X(RT14) X(RT15) X(RT16) X(RT17) X(RT18) X(RT19) X(RT20) X(RT21) \
	X(RT22) X(RT24) X(RT25) X(RT26) X(RT27) X(RT28) X(RT29) \
	X(RG01) X(RG02) X(RG03) \
	X(IC01) X(IC02) X(IC03) X(IC04) X(IC07) \
	X(IN01) X(IN02) X(IN03) X(IN04) X(IN05) X(IN06) X(IN07) X(IN08) X(IN09) X(IN11) \
	X(IN12) X(IN19) X(IN20) X(IN24) \
	X(SV01) X(SV02) X(SV03) X(SV08) X(SV11) \
	X(PL01) X(PL02) X(PL03) X(PL05) X(PL06) \
	X(RD01) X(RD02) X(RD03)
/* clang-format on */

enum rt_code {
#define X(code) RT_F_##code,
	RT_CODES(X)
#undef X
	    RT_CODE_COUNT
};

enum rt_severity { RT_SEV_ERROR, RT_SEV_WARNING, RT_SEV_INFO, RT_SEV_COUNT };
const char *rt_severity_name(enum rt_severity s); /* error, warning, info */

/* What a finding rests on. */
enum rt_evidence {
	RT_EV_SPEC,    /* S: specifications alone */
	RT_EV_RUNTIME, /* R: what was observed: status, endpoints, Pods */
	RT_EV_ECHO,    /* E: a reported condition that nothing else explains */
	RT_EV_CONTENT, /* C: the content of a certificate */
};

struct rt_check;

struct rt_finding_info {
	const char *code, *name;
	enum rt_severity severity;
	enum rt_evidence evidence;
	void (*check)(struct rt_check *c);
	const char *reported; /* the condition that a controller reports for it, or NULL */
	const char *means;    /* what is wrong, and what it does to traffic */
	const char *when;     /* what makes it true */
	const char *known;    /* what must have been read for certainty, or NULL */
	const char *fix;
	const char *doc;   /* where the rule is written */
	const char *hides; /* "CODE@scope …", see suppress.c; NULL: nothing */
};

const struct rt_finding_info *rt_finding_info(enum rt_code code);
const struct rt_finding_info *rt_finding_by_code(const char *code); /* any case; NULL: none */
/* Is it of one of these areas, which codes begin with: "LS", "GW LS"; a whole code is one, too. */
bool rt_finding_in_areas(const struct rt_finding_info *info, const char *areas);
/* Is it the entry's name, or a reason of its reported condition? Any case. */
bool rt_finding_has_reason(const struct rt_finding_info *info, const char *reason);

typedef RT_VEC(const char *) rt_lines;
typedef RT_VEC(struct rt_ref) rt_refs;

struct rt_finding_note; /* what the run keeps beside it: rules.h */

struct rt_finding {
	enum rt_code code;
	bool certain;
	struct rt_ref object;     /* ("", Cluster, NULL, context) for the cluster as a whole */
	const struct rt_obj *obj; /* NULL for the cluster and for what could not be decoded */
	const char *field;        /* path into the object's document, or NULL */
	const char *message;      /* one sentence, cleaned, at most 160 characters */
	rt_lines because;         /* evidence, one fact each */
	rt_refs related;          /* what takes part; the one to mend first */
	const char *fix;          /* one sentence */
	const char *fix_manifest; /* a YAML document to apply, or NULL */
	struct rt_origin origin;  /* file NULL: read from a cluster */
	struct rt_finding_note *note;
};

struct rt_tally {
	size_t by_severity[RT_SEV_COUNT]; /* certain ones */
	size_t unknown;
};

struct rt_finding;
void rt_tally_count(struct rt_tally *t, const struct rt_finding *f);

struct rt_findings {
	const struct rt_finding *const *v; /* worst first, the order of the report */
	size_t len;
	struct rt_tally tally;
};

struct rt_analysis;

struct rt_check_in {
	const struct rt_analysis *an; /* carries the store */
	int64_t now;
	/* When this run of the program first saw the object's generation; NULL or RT_TIME_UNSET:
	 * not known (a single run). */
	int64_t (*first_seen)(void *ctx, const struct rt_obj *obj);
	void *ctx;
};

struct rt_check *rt_check_new(const struct rt_check_in *in);
bool rt_check_step(struct rt_check *c); /* one rule; false when the run is done */
const struct rt_findings *rt_check_result(const struct rt_check *c);
void rt_check_free(struct rt_check *c); /* NULL-safe */

/* What is shown and counted. */
struct rt_finding_filter {
	const char *const *namespaces; /* of the object or of a related one; count 0: all */
	size_t namespace_count;
	const struct rt_selector *labels; /* of the object; NULL: all */
};
struct rt_findings rt_findings_filter(
    struct rt_arena *a, const struct rt_findings *all, const struct rt_finding_filter *by);

/* A copy that outlives the run and the store; obj and note are NULL in it. */
struct rt_findings rt_findings_copy(struct rt_arena *a, const struct rt_findings *all);

/* What an overlay does: which findings of after are new, which of before are gone. */
struct rt_findings_change {
	struct rt_findings introduced, mended, unchanged; /* unchanged: as they are after */
};
/* What an overlay would leave: after without the echoes that before did not have. An overlay
 * changes no status; a condition that is explained no more was explained by what the overlay mends.
 */
struct rt_findings rt_findings_without_new_echoes(
    struct rt_arena *a, const struct rt_findings *before, const struct rt_findings *after);
struct rt_findings_change rt_findings_compare(
    struct rt_arena *a, const struct rt_findings *before, const struct rt_findings *after);

/* Field paths: members in the API's own order, indexes by number. NULL first. */
int rt_field_cmp(const char *a, const char *b);

#endif
