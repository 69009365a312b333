#!/bin/sh
# The server for the browser tests: the demo contact center on an empty PostgreSQL under build/.
set -eu
cd "$(dirname "$0")/../.."
folder=build/e2e/postgres
[ ! -e "$folder" ] || rm -rf "$(readlink -f "$folder")" "$folder" # it may be a link to where its user can reach it
export SWITCHBOARD_DATABASE_FOLDER="$folder" SWITCHBOARD_SERVER_OPS_ADDRESS=127.0.0.1:0
exec build/release/switchboard serve --demo
