#!/bin/sh
# The terminal around the kiosk's program: large letters when the one word of the file says so.
# FONT_NORMAL and FONT_LARGE come from /etc/jiepin/terminal.conf; they depend on the screen.
letters=normal
if [ -r "$1" ]; then
    read -r letters < "$1"
fi
case "$letters" in
    large) font="$FONT_LARGE" ;;
    *) font="$FONT_NORMAL" ;;
esac
exec ${TERMINAL:-cage -- foot} --font="$font" tmux -L kiosk attach-session -t kiosk
