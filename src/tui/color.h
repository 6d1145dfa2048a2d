/* SPDX-License-Identifier: Apache-2.0 */
/*
 * color.h - from a wanted colour to one that the depth has and that can be read.
 * Inside the terminal UI; what others may call is in rutter/theme.h.
 */
#ifndef RT_TUI_COLOR_H
#define RT_TUI_COLOR_H

#include "rutter/theme.h"

/* rgb as a background of this depth; -1 stays -1. */
int32_t rt_color_bg(int32_t rgb, enum rt_depth depth);
/* rgb as a foreground on bg (as rt_color_bg gave it; -1: unknown, nothing is mended), moved as
 * little as the contrast asks for. At RT_DEPTH_8 an index of 8 to 15 means bold. */
int32_t rt_color_fg(int32_t rgb, int32_t bg, enum rt_depth depth, double contrast);

#endif
