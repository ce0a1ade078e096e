#!/usr/bin/env bash
# The Javadoc of all modules in one, so that it is linked from module to module; of each, the packages that it exports to everybody.
#
#   javadoc.sh JDK CLASSPATH     the class path has what lox is compiled with
set -euo pipefail
cd "$(dirname "$0")/.."

options=(-quiet -notimestamp -Xdoclint:none -encoding UTF-8 -windowtitle lox -d site/target/site/apidocs --module-path "$2")
files=()
for sources in lox-*/src/main/java; do
  descriptor=$sources/module-info.java
  options+=(--module-source-path "$(sed -n 's/^.*\bmodule \([a-z.]*\) {$/\1/p' "$descriptor")=$sources")
  files+=("$descriptor")
  for package in $(sed -n 's/^ *exports \([a-z.]*\);$/\1/p' "$descriptor"); do
    files+=("$sources/${package//.//}"/*.java)
  done
done
"$1/bin/javadoc" "${options[@]}" "${files[@]}"
