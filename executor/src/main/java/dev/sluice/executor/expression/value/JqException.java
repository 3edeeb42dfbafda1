package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.text.JsonText;
import dev.sluice.shared.json.Json;
import tools.jackson.databind.JsonNode;

/** An error that a program raised, which is a value. Programs can catch it. */
public final class JqException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Characters of a value that is shown as a message. */
    private static final int LENGTH = 2_000;

    private final transient JsonNode value;
    private int at = -1;

    /** An error whose value is a message. */
    public JqException(String message) {
        this(Json.string(message));
    }

    /** An error of any value; null as well. */
    public JqException(JsonNode value) {
        super(null, null, false, false);
        this.value = value;
    }

    /** What a program that catches it gets. */
    public JsonNode value() {
        return value;
    }

    /** Tells where in the program it was raised, in characters from 0; the first who tells is right. */
    public JqException at(int place) {
        at = at < 0 ? place : at;
        return this;
    }

    /** Where in the program it was raised, in characters from 0; negative where nobody told. */
    public int at() {
        return at;
    }

    /** The value as jq prints it when nobody caught it: a string as it is, another value so that it can be told from one. */
    @Override
    public String getMessage() {
        if (value.isString()) {
            return value.stringValue();
        }
        String text = JsonText.start(value, LENGTH + 1);
        return (text.length() > LENGTH ? text.substring(0, LENGTH) + "..." : text) + " (not a string)";
    }
}
