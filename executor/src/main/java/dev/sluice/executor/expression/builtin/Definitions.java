package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.syntax.Parser;
import dev.sluice.executor.expression.syntax.Term.Definition;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The builtins that are best said in jq itself. They are compiled into the programs that use them. */
public final class Definitions {

    private static final String SOURCE = """
            def map(f): [.[] | f];
            def map_values(f): .[] |= f;
            def select(f): if f then . else empty end;
            def values: if . == null then empty else . end;
            def nulls: if . == null then . else empty end;
            def arrays: select(type == "array");
            def objects: select(type == "object");
            def iterables: select(type | . == "array" or . == "object");
            def booleans: select(type == "boolean");
            def numbers: select(type == "number");
            def strings: select(type == "string");
            def scalars: select(type | . != "array" and . != "object");
            def normals: select(isnormal);
            def finites: select(isfinite);
            def isfinite: type == "number" and (isinfinite | not);
            def recurse(f): def descend: ., (f | descend); descend;
            def recurse(f; condition): def descend: ., (f | if condition then descend else empty end); descend;
            def while(condition; update): def next: if condition then ., (update | next) else empty end; next;
            def until(condition; update): def next: if condition then . else update | next end; next;
            def repeat(f): def next: f, next; next;
            def add(f): reduce f as $value (null; . + $value);
            def del(f): delpaths([path(f)]);
            def paths: path(..) | if length > 0 then . else empty end;
            def paths(f): path(.. | select(f)) | if length > 0 then . else empty end;
            def leaf_paths: paths(scalars);
            def pick(f): . as $whole | reduce path(f) as $path (null; setpath($path; $whole | getpath($path)));
            def first: .[0];
            def last: .[-1];
            def last(f): (reduce f as $value (null; [$value]) | .[]?) as $last | $last;
            def nth($index): .[$index];
            def nth($index; f): if $index < 0 then error("nth doesn't support negative indices") else first(skip($index; f)) end;
            def with_entries(f): to_entries | map(f) | from_entries;
            def in(object): . as $key | object | has($key);
            def inside(whole): . as $part | whole | contains($part);
            def combinations:
              if length == 0 then []
              else .[0][] as $head | (.[1:] | combinations) as $tail | [$head] + $tail end;
            def combinations(count): . as $elements | [range(count) | $elements] | combinations;
            def walk(f):
              def inner: (if type == "object" then map_values(inner) elif type == "array" then map(inner) else . end) | f;
              inner;
            def tostream:
              path(def inner: (.[]? | inner), .; inner) as $path
              | getpath($path)
              | reduce path(.[]?) as $child ([$path, .]; [$path + $child]);
            def fromstream(events):
              {x: null, done: false} as $start
              | foreach events as $event ($start;
                  (if .done then $start else . end)
                  | if $event | length == 2
                    then setpath(["done"]; $event[0] | length == 0) | setpath(["x"] + $event[0]; $event[1])
                    else setpath(["done"]; $event[0] | length == 1) end;
                  if .done then .x else empty end);
            def truncate_stream(events):
              . as $depth | null | events | . as $event
              | if (.[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end;
            def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
            def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
            def todate: todateiso8601;
            def fromdate: fromdateiso8601;
            def date: todate;
            def dateadd(unit; $count): . + $count;
            def datesub(unit; $count): . - $count;
            def match($regex): _regex("match"; $regex) | .[];
            def match($regex; $flags): _regex("match"; $regex; $flags) | .[];
            def test($regex): _regex("test"; $regex);
            def test($regex; $flags): _regex("test"; $regex; $flags);
            def _captured: reduce (.captures[] | select(.name != null)) as $group ({}; .[$group.name] = $group.string);
            def capture($regex): match($regex) | _captured;
            def capture($regex; $flags): match($regex; $flags) | _captured;
            def scan($regex): scan($regex; null);
            def scan($regex; $flags):
              match($regex; "g" + $flags) | if .captures == [] then .string else [.captures[].string] end;
            def splits($regex): splits($regex; null);
            def splits($regex; $flags):
              _gaps([match($regex; $flags + "g")])[];
            def split($regex; $flags): [splits($regex; $flags)];
            def sub($regex; replacement): sub($regex; replacement; "");
            def sub($regex; replacement; $flags):
              ([match($regex; $flags)] as $matches
                | _substituted($matches; [$matches[] | [_captured | replacement]])[])
                // .;
            def gsub($regex; replacement): sub($regex; replacement; "g");
            def gsub($regex; replacement; $flags): sub($regex; replacement; $flags + "g");
            def ascii: [.] | implode;
            def INDEX(rows; key): reduce rows as $row ({}; .[$row | key | tostring] = $row);
            def INDEX(key): INDEX(.[]; key);
            def JOIN($index; key): [.[] | [., $index[key]]];
            def JOIN($index; rows; key): rows | [., $index[key]];
            def JOIN($index; rows; key; join): rows | [., $index[key]] | join;
            def IN(values): any(values == .; .);
            def IN(rows; values): any(rows == values; .);
            """;

    private static final Map<String, Definition> ALL =
            Parser.definitions(SOURCE).stream().collect(Collectors.toMap(Definition::signature, Function.identity()));

    private Definitions() {}

    /** The definition of {@code name/arity}, or null where there is none. */
    public static @Nullable Definition get(String signature) {
        return ALL.get(signature);
    }

    /** The names of all, with their arities. */
    public static Set<String> names() {
        return ALL.keySet();
    }
}
