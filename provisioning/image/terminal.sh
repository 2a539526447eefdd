#!/bin/sh
# The terminal around the kiosk's program: large letters when the one word of the file says so.
letters=normal
if [ -r "$1" ]; then
    read -r letters < "$1"
fi
case "$letters" in
    large) ;;
    *) letters=normal ;;
esac
exec ${TERMINAL:-cage -- foot} --config="/etc/jiepin/letters-$letters.ini" \
    tmux -L kiosk attach-session -t kiosk
