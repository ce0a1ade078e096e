# Shared by release-dry-run, build-again and tests/consumers/run, which source it. They set "work", a folder of theirs.

say() {
  printf '\n== %s\n' "$*"
}

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# The tool's own words only if it fails.
quietly() {
  "$@" >"$work/last.log" 2>&1 || {
    cat "$work/last.log" >&2
    fail "failed: $*"
  }
}

expect() { # file, expected lines
  diff <(printf '%s\n' "${@:2}") "$1" || fail "$1 is not as expected"
}

# ---- what is published -------------------------------------------------------------------------------------------------

version_of() { # folder of a build
  sed -n '/<artifactId>lox-parent</{n;s/.*<version>\(.*\)<.*/\1/p}' "$1/pom.xml"
}

published() { # folder of a build: the names of its modules
  (cd "$1" && printf '%s\n' lox-*/pom.xml | xargs -n 1 dirname)
}

files_of() { # module, version, file with %: what stands there instead of the module's name and version
  if [ "$1" = lox-bom ]; then
    echo "${3//%/$1-$2}.pom"
  else
    printf '%s\n' "${3//%/$1-$2}"{-javadoc.jar,-sources.jar,.jar,.pom}
  fi
  [ "$1" != lox-cluster ] || echo "${3//%/$1-$2}-member.jar" # all that a member needs, in one file
}

# Two folders with a build's outcome: their artifacts are the same files with the same bytes.
same_bytes() { # version, folder, folder
  local module file built
  for module in $(published "$2"); do
    for file in $(files_of "$module" "$1" "$module/target/%"); do
      built=${file/%*.pom/$module/target/flattened-pom.xml}
      cmp "$2/$built" "$3/$built" || return 1
    done
  done
}

# A comparison that could not fail would prove nothing: four other bytes have to be noticed.
compare_builds() { # version, folder, folder: one that may be changed
  local file=lox-sync/target/lox-sync-$1.jar module
  same_bytes "$@" || fail "two builds differ: the first named above, in $2 and in $3 (if one of them was not clean, mvn clean)"
  cp "$3/$file" "$work/kept.jar"
  printf 'lox!' | dd of="$3/$file" bs=1 seek=20000 conv=notrunc status=none
  ! same_bytes "$@" >/dev/null || fail "the comparison does not notice four changed bytes"
  mv "$work/kept.jar" "$3/$file"
  echo "all $(for module in $(published "$2"); do files_of "$module" "$1" %; done | wc -l) files are the same, byte for byte"
}
