package dev.sluice.gateway.request;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a JSON object and remembers everything that is wrong with it. Values read before
 * {@link #finish()} are to be used only after it returned. For one request; not thread-safe.
 */
public final class Fields {

    private final String place;
    private final JsonNode object;
    private final Set<String> known = new HashSet<>();
    private final List<Violation> violations;

    /** Reads the fields of this value, which should be an object. */
    public Fields(JsonNode value) {
        this("", value, new ArrayList<>());
    }

    private Fields(String place, JsonNode value, List<Violation> violations) {
        this.place = place;
        this.object = value;
        this.violations = violations;
        if (!value.isObject()) {
            violations.add(Violation.at(place, "A JSON object is expected."));
        }
    }

    /** A string that must be there, with a length in characters between the bounds. */
    public String text(String name, int min, int max) {
        Optional<String> value = optionalText(name, min, max);
        if (value.isEmpty() && !object.has(name)) {
            violate(name, "The field is required.");
        }
        return value.orElse("");
    }

    /** A string that may be missing. */
    public Optional<String> optionalText(String name, int min, int max) {
        known.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            violate(name, "A string is expected.");
            return Optional.empty();
        }
        String text = value.stringValue();
        int length = text.codePointCount(0, text.length());
        if (length < min || length > max || text.chars().anyMatch(Character::isISOControl)) {
            violate(
                    name,
                    "Between " + min + " and " + max + " characters are expected, none of them a control character.");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** True, or false, which it is too when it is missing. */
    public boolean flag(String name) {
        known.add(name);
        JsonNode value = object.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            violate(name, "True or false is expected.");
        }
        return value.isBoolean() && value.booleanValue();
    }

    /** True or false; empty when it is missing. */
    public Optional<Boolean> optionalFlag(String name) {
        boolean value = flag(name);
        return object.path(name).isBoolean() ? Optional.of(value) : Optional.empty();
    }

    /** A whole number that may be missing, within the bounds. */
    public OptionalInt optionalNumber(String name, int min, int max) {
        known.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            violate(name, "A whole number from " + min + " to " + max + " is expected.");
            return OptionalInt.empty();
        }
        return OptionalInt.of(value.intValue());
    }

    /** A whole number that must be there, within the bounds. */
    public int number(String name, int min, int max) {
        OptionalInt value = optionalNumber(name, min, max);
        if (value.isEmpty() && !object.has(name)) {
            violate(name, "The field is required.");
        }
        return value.orElse(min);
    }

    /** A number that may be missing, from zero to a bound, with so many decimals at most. */
    public Optional<BigDecimal> optionalDecimal(String name, BigDecimal max, int decimals) {
        known.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        // Its length is bounded by the reader, its exponent is not; the comparison does not write it out.
        if (!value.isNumber()
                || value.decimalValue().signum() < 0
                || value.decimalValue().compareTo(max) > 0) {
            violate(name, "A number from 0 to " + max.toPlainString() + " is expected.");
            return Optional.empty();
        }
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        if (number.scale() > decimals) {
            violate(
                    name,
                    decimals == 0 ? "A whole number is expected." : "At most " + decimals + " decimals are expected.");
            return Optional.empty();
        }
        return Optional.of(number);
    }

    /** An object that may be missing, read by its own fields; they need no {@link #finish()}. */
    public <T> Optional<T> optionalObject(String name, Function<Fields, T> read) {
        known.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        Fields fields = new Fields(place + pointer(name), value, violations);
        T found = read.apply(fields);
        violations.addAll(fields.unknown().toList());
        return Optional.of(found);
    }

    /**
     * An object that may be missing, of at most so many members with any names, whose values are strings.
     *
     * @param objection what is wrong with a member; empty for one that is right
     */
    public Map<String, String> optionalTexts(
            String name, int max, BiFunction<String, String, Optional<String>> objection) {
        known.add(name);
        JsonNode values = object.path(name);
        if (values.isMissingNode()) {
            return Map.of();
        }
        if (!values.isObject() || values.size() > max) {
            violate(name, "An object of at most " + max + " members is expected.");
            return Map.of();
        }
        Map<String, String> found = new LinkedHashMap<>();
        values.propertyStream().forEach(member -> {
            String value = member.getValue().isString() ? member.getValue().stringValue() : null;
            Optional<String> wrong =
                    value == null ? Optional.of("A string is expected.") : objection.apply(member.getKey(), value);
            wrong.ifPresent(
                    detail -> violations.add(Violation.at(place + pointer(name) + pointer(member.getKey()), detail)));
            found.put(member.getKey(), value == null ? "" : value);
        });
        return found;
    }

    /** One of a few names. */
    public <E> Optional<E> oneOf(String name, List<E> values, Function<E, String> nameOf) {
        known.add(name);
        JsonNode value = object.path(name);
        Optional<E> found = values.stream()
                .filter(candidate -> value.isString() && nameOf.apply(candidate).equals(value.stringValue()))
                .findFirst();
        if (found.isEmpty()) {
            violate(name, values.stream().map(nameOf).collect(Collectors.joining(", ", "One of ", " is expected.")));
        }
        return found;
    }

    /**
     * A string that may be missing and means something.
     *
     * @param expected what is said of one that means nothing, such as "A date is expected."
     */
    public <T> Optional<T> optional(String name, Function<String, Optional<T>> meaning, String expected) {
        known.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        Optional<T> found = value.isString() ? meaning.apply(value.stringValue()) : Optional.empty();
        if (found.isEmpty()) {
            violate(name, expected);
        }
        return found;
    }

    /** The same for one that must be there. */
    public <T> Optional<T> required(String name, Function<String, Optional<T>> meaning, String expected) {
        if (!object.has(name)) {
            violate(name, "The field is required.");
        }
        return optional(name, meaning, expected);
    }

    /** An array that may be missing, of at most so many strings that each mean something. */
    public <T> Optional<List<T>> optionalList(
            String name, int max, Function<String, Optional<T>> meaning, String expected) {
        known.add(name);
        JsonNode values = object.path(name);
        if (values.isMissingNode()) {
            return Optional.empty();
        }
        if (!values.isArray() || values.size() > max) {
            violate(name, "An array of at most " + max + " strings is expected.");
            return Optional.empty();
        }
        List<T> found = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            JsonNode value = values.get(i);
            Optional<T> element = value.isString() ? meaning.apply(value.stringValue()) : Optional.empty();
            if (element.isEmpty()) {
                violations.add(Violation.at(place + pointer(name) + "/" + i, expected));
            }
            element.ifPresent(found::add);
        }
        return Optional.of(found);
    }

    /** Says that a field is wrong for a reason of its reader's. */
    public void refuse(String name, String detail) {
        violate(name, detail);
    }

    /** Ends the reading; an error {@link ProblemType#INVALID_REQUEST} with all that was wrong. */
    public void finish() {
        List<Violation> all = Stream.concat(violations.stream(), unknown()).toList();
        if (!all.isEmpty()) {
            throw new SluiceException(ProblemType.INVALID_REQUEST, "The request body is not valid.", all);
        }
    }

    private Stream<Violation> unknown() {
        return object.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .map(name -> Violation.at(place + pointer(name), "There is no such field."));
    }

    private void violate(String name, String detail) {
        if (object.isObject()) {
            violations.add(Violation.at(place + pointer(name), detail));
        }
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
