/* SPDX-License-Identifier: Apache-2.0 */
/*
 * color.c - colour names, contrast, and the way down from 24 bits to 256, 16 and 8 colours.
 * Colours are 0xRRGGBB or -1 for the terminal's own, of which nothing is known.
 */
#include "config.h"

#include "color.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "rutter/theme.h"

struct named {
	const char *name;
	int32_t rgb;
};

/* CSS Color Module Level 4, sorted by name. */
static const struct named names[] = {
    {"aliceblue", 0xf0f8ff},
    {"antiquewhite", 0xfaebd7},
    {"aqua", 0x00ffff},
    {"aquamarine", 0x7fffd4},
    {"azure", 0xf0ffff},
    {"beige", 0xf5f5dc},
    {"bisque", 0xffe4c4},
    {"black", 0x000000},
    {"blanchedalmond", 0xffebcd},
    {"blue", 0x0000ff},
    {"blueviolet", 0x8a2be2},
    {"brown", 0xa52a2a},
    {"burlywood", 0xdeb887},
    {"cadetblue", 0x5f9ea0},
    {"chartreuse", 0x7fff00},
    {"chocolate", 0xd2691e},
    {"coral", 0xff7f50},
    {"cornflowerblue", 0x6495ed},
    {"cornsilk", 0xfff8dc},
    {"crimson", 0xdc143c},
    {"cyan", 0x00ffff},
    {"darkblue", 0x00008b},
    {"darkcyan", 0x008b8b},
    {"darkgoldenrod", 0xb8860b},
    {"darkgray", 0xa9a9a9},
    {"darkgreen", 0x006400},
    {"darkgrey", 0xa9a9a9},
    {"darkkhaki", 0xbdb76b},
    {"darkmagenta", 0x8b008b},
    {"darkolivegreen", 0x556b2f},
    {"darkorange", 0xff8c00},
    {"darkorchid", 0x9932cc},
    {"darkred", 0x8b0000},
    {"darksalmon", 0xe9967a},
    {"darkseagreen", 0x8fbc8f},
    {"darkslateblue", 0x483d8b},
    {"darkslategray", 0x2f4f4f},
    {"darkslategrey", 0x2f4f4f},
    {"darkturquoise", 0x00ced1},
    {"darkviolet", 0x9400d3},
    {"deeppink", 0xff1493},
    {"deepskyblue", 0x00bfff},
    {"dimgray", 0x696969},
    {"dimgrey", 0x696969},
    {"dodgerblue", 0x1e90ff},
    {"firebrick", 0xb22222},
    {"floralwhite", 0xfffaf0},
    {"forestgreen", 0x228b22},
    {"fuchsia", 0xff00ff},
    {"gainsboro", 0xdcdcdc},
    {"ghostwhite", 0xf8f8ff},
    {"gold", 0xffd700},
    {"goldenrod", 0xdaa520},
    {"gray", 0x808080},
    {"green", 0x008000},
    {"greenyellow", 0xadff2f},
    {"grey", 0x808080},
    {"honeydew", 0xf0fff0},
    {"hotpink", 0xff69b4},
    {"indianred", 0xcd5c5c},
    {"indigo", 0x4b0082},
    {"ivory", 0xfffff0},
    {"khaki", 0xf0e68c},
    {"lavender", 0xe6e6fa},
    {"lavenderblush", 0xfff0f5},
    {"lawngreen", 0x7cfc00},
    {"lemonchiffon", 0xfffacd},
    {"lightblue", 0xadd8e6},
    {"lightcoral", 0xf08080},
    {"lightcyan", 0xe0ffff},
    {"lightgoldenrodyellow", 0xfafad2},
    {"lightgray", 0xd3d3d3},
    {"lightgreen", 0x90ee90},
    {"lightgrey", 0xd3d3d3},
    {"lightpink", 0xffb6c1},
    {"lightsalmon", 0xffa07a},
    {"lightseagreen", 0x20b2aa},
    {"lightskyblue", 0x87cefa},
    {"lightslategray", 0x778899},
    {"lightslategrey", 0x778899},
    {"lightsteelblue", 0xb0c4de},
    {"lightyellow", 0xffffe0},
    {"lime", 0x00ff00},
    {"limegreen", 0x32cd32},
    {"linen", 0xfaf0e6},
    {"magenta", 0xff00ff},
    {"maroon", 0x800000},
    {"mediumaquamarine", 0x66cdaa},
    {"mediumblue", 0x0000cd},
    {"mediumorchid", 0xba55d3},
    {"mediumpurple", 0x9370db},
    {"mediumseagreen", 0x3cb371},
    {"mediumslateblue", 0x7b68ee},
    {"mediumspringgreen", 0x00fa9a},
    {"mediumturquoise", 0x48d1cc},
    {"mediumvioletred", 0xc71585},
    {"midnightblue", 0x191970},
    {"mintcream", 0xf5fffa},
    {"mistyrose", 0xffe4e1},
    {"moccasin", 0xffe4b5},
    {"navajowhite", 0xffdead},
    {"navy", 0x000080},
    {"oldlace", 0xfdf5e6},
    {"olive", 0x808000},
    {"olivedrab", 0x6b8e23},
    {"orange", 0xffa500},
    {"orangered", 0xff4500},
    {"orchid", 0xda70d6},
    {"palegoldenrod", 0xeee8aa},
    {"palegreen", 0x98fb98},
    {"paleturquoise", 0xafeeee},
    {"palevioletred", 0xdb7093},
    {"papayawhip", 0xffefd5},
    {"peachpuff", 0xffdab9},
    {"peru", 0xcd853f},
    {"pink", 0xffc0cb},
    {"plum", 0xdda0dd},
    {"powderblue", 0xb0e0e6},
    {"purple", 0x800080},
    {"rebeccapurple", 0x663399},
    {"red", 0xff0000},
    {"rosybrown", 0xbc8f8f},
    {"royalblue", 0x4169e1},
    {"saddlebrown", 0x8b4513},
    {"salmon", 0xfa8072},
    {"sandybrown", 0xf4a460},
    {"seagreen", 0x2e8b57},
    {"seashell", 0xfff5ee},
    {"sienna", 0xa0522d},
    {"silver", 0xc0c0c0},
    {"skyblue", 0x87ceeb},
    {"slateblue", 0x6a5acd},
    {"slategray", 0x708090},
    {"slategrey", 0x708090},
    {"snow", 0xfffafa},
    {"springgreen", 0x00ff7f},
    {"steelblue", 0x4682b4},
    {"tan", 0xd2b48c},
    {"teal", 0x008080},
    {"thistle", 0xd8bfd8},
    {"tomato", 0xff6347},
    {"turquoise", 0x40e0d0},
    {"violet", 0xee82ee},
    {"wheat", 0xf5deb3},
    {"white", 0xffffff},
    {"whitesmoke", 0xf5f5f5},
    {"yellow", 0xffff00},
    {"yellowgreen", 0x9acd32},
};

static const struct named *find_name(const char *s)
{
	for (size_t i = 0; i < RT_ARRAY_LEN(names); i++)
		if (!strcasecmp(names[i].name, s))
			return &names[i];
	return NULL;
}

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool parse_hex(const char *s, int32_t *ret)
{
	size_t len = strlen(s);
	int32_t rgb = 0;

	if (len != 3 && len != 6)
		return false;
	for (size_t i = 0; i < len; i++) {
		int digit = hex(s[i]);
		if (digit < 0)
			return false;
		rgb = rgb << 4 | digit;
		if (len == 3)
			rgb = rgb << 4 | digit;
	}
	*ret = rgb;
	return true;
}

bool rt_color_parse(const char *s, int32_t *ret)
{
	const struct named *named;

	if (!s)
		return false;
	if (s[0] == '#')
		return parse_hex(s + 1, ret);
	if (!strcasecmp(s, "default") || !strcasecmp(s, "transparent")) {
		*ret = -1;
		return true;
	}
	named = find_name(s);
	if (named)
		*ret = named->rgb;
	return named != NULL;
}

static double channel(int32_t rgb, int shift)
{
	double v = (rgb >> shift & 0xff) / 255.0;

	return v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance_of(int32_t rgb)
{
	return 0.2126 * channel(rgb, 16) + 0.7152 * channel(rgb, 8) + 0.0722 * channel(rgb, 0);
}

double rt_contrast(int32_t a, int32_t b)
{
	double la = luminance_of(a), lb = luminance_of(b);

	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

/* xterm's defaults for the first sixteen; what a user's terminal makes of them is not known. */
static const int32_t ansi[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
    0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff,
    0xffffff};

static int32_t cube_level(int n)
{
	return n ? 55 + 40 * n : 0;
}

int32_t rt_color_rgb(int index)
{
	if (index < 0)
		return -1;
	if (index < 16)
		return ansi[index];
	if (index >= 232)
		return (8 + 10 * (index - 232)) * 0x010101;
	index -= 16;
	return cube_level(index / 36) << 16 | cube_level(index / 6 % 6) << 8 |
	       cube_level(index % 6);
}

static int distance(int32_t a, int32_t b)
{
	int dr = (a >> 16 & 0xff) - (b >> 16 & 0xff);
	int dg = (a >> 8 & 0xff) - (b >> 8 & 0xff);
	int db = (a & 0xff) - (b & 0xff);

	return 2 * dr * dr + 4 * dg * dg + 3 * db * db;
}

/* Cube and greys only: the first sixteen are whatever the user made of them. */
static int nearest_256(int32_t rgb, int32_t bg, double contrast)
{
	int best = -1;

	for (int i = 16; i < 256; i++) {
		if (best >= 0 &&
		    distance(rt_color_rgb(i), rgb) >= distance(rt_color_rgb(best), rgb))
			continue;
		if (bg < 0 || rt_contrast(rt_color_rgb(i), bg) >= contrast)
			best = i;
	}
	return best;
}

struct hsv {
	int hue; /* degrees */
	double saturation, value;
};

static struct hsv to_hsv(int32_t rgb)
{
	int r = rgb >> 16 & 0xff, g = rgb >> 8 & 0xff, b = rgb & 0xff;
	int max = r > g ? (r > b ? r : b) : (g > b ? g : b);
	int min = r < g ? (r < b ? r : b) : (g < b ? g : b);
	int span = max - min;
	struct hsv out = {.saturation = max ? (double)span / max : 0, .value = max / 255.0};

	if (!span)
		return out;
	if (max == r)
		out.hue = 60 * (g - b) / span;
	else if (max == g)
		out.hue = 120 + 60 * (b - r) / span;
	else
		out.hue = 240 + 60 * (r - g) / span;
	if (out.hue < 0)
		out.hue += 360;
	return out;
}

static int grey_16(double luminance)
{
	return luminance < 0.03 ? 0 : luminance < 0.2 ? 8 : luminance < 0.6 ? 7 : 15;
}

/* By hue, not by distance: distance turns soft reds and greens into grey. */
static int hue_16(const struct hsv *c)
{
	static const struct {
		int below, index;
	} hues[] = {{18, 1}, {48, 3}, {75, 11}, {165, 2}, {200, 6}, {258, 4}, {335, 5}, {361, 1}};

	for (size_t i = 0; i < RT_ARRAY_LEN(hues); i++)
		if (c->hue < hues[i].below)
			return hues[i].index;
	return 1;
}

static int nearest_16(int32_t rgb)
{
	struct hsv c = to_hsv(rgb);

	if (c.saturation < 0.22 || c.value < 0.16)
		return grey_16(luminance_of(rgb));
	return hue_16(&c);
}

/* Dark backgrounds are black and pale ones white, whatever their tint: text has to stand on them.
 */
static int background_16(int32_t rgb)
{
	double luminance = luminance_of(rgb);

	if (luminance < 0.12)
		return 0;
	if (luminance > 0.6 && to_hsv(rgb).saturation < 0.35)
		return 15;
	return nearest_16(rgb);
}

/* The dark or the bright one of a hue, then white or black, until it can be read on bg. */
static int readable_16(int index, int bg, double contrast)
{
	const int tries[] = {index, index ^ 8, 7, 15, 8, 0};

	for (size_t i = 0; i < RT_ARRAY_LEN(tries); i++)
		if (bg < 0 || rt_contrast(ansi[tries[i]], ansi[bg]) >= contrast)
			return tries[i];
	return index;
}

/* Towards white or black in small steps, whichever the background is further from. */
static int32_t readable_rgb(int32_t rgb, int32_t bg, double contrast)
{
	int32_t end = rt_contrast(0xffffff, bg) > rt_contrast(0, bg) ? 0xff : 0;

	for (int step = 0; step <= 32; step++) {
		int32_t out = 0;
		for (int shift = 16; shift >= 0; shift -= 8) {
			int32_t from = rgb >> shift & 0xff;
			out |= (from + (end - from) * step / 32) << shift;
		}
		if (rt_contrast(out, bg) >= contrast)
			return out;
	}
	return end ? 0xffffff : 0;
}

int32_t rt_color_bg(int32_t rgb, enum rt_depth depth)
{
	if (rgb < 0)
		return -1;
	switch (depth) {
	case RT_DEPTH_NONE:
		return -1;
	case RT_DEPTH_8:
	case RT_DEPTH_16:
		return background_16(rgb) & (depth == RT_DEPTH_8 ? 7 : 15);
	case RT_DEPTH_256:
		return nearest_256(rgb, -1, 0);
	case RT_DEPTH_TRUE:
		return rgb;
	}
	return -1;
}

int32_t rt_color_fg(int32_t rgb, int32_t bg, enum rt_depth depth, double contrast)
{
	if (rgb < 0)
		return -1;
	switch (depth) {
	case RT_DEPTH_NONE:
		return -1;
	case RT_DEPTH_8:
	case RT_DEPTH_16:
		return readable_16(nearest_16(rgb), bg, contrast);
	case RT_DEPTH_256:
		return nearest_256(rgb, rt_color_rgb(bg), contrast);
	case RT_DEPTH_TRUE:
		return bg < 0 ? rgb : readable_rgb(rgb, bg, contrast);
	}
	return -1;
}
