package dev.sluice.k8s;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A mapping of a manifest; a missing or wrongly typed field fails the test with its path. */
record Tree(String path, Map<?, ?> fields) {

    Tree at(String name) {
        if (value(name) instanceof Map<?, ?> map) {
            return new Tree(path + "." + name, map);
        }
        throw new AssertionError(path + "." + name + " is no mapping");
    }

    List<Tree> list(String name) {
        return elements(name).stream().map(element -> element(name, element)).toList();
    }

    List<String> texts(String name) {
        return elements(name).stream().map(String::valueOf).toList();
    }

    String text(String name) {
        return String.valueOf(value(name));
    }

    int number(String name) {
        if (value(name) instanceof Integer number) {
            return number;
        }
        throw new AssertionError(path + "." + name + " is no whole number");
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        fields.keySet().forEach(name -> names.add(String.valueOf(name)));
        return names;
    }

    private Tree element(String name, Object element) {
        if (element instanceof Map<?, ?> map) {
            return new Tree(path + "." + name + "[]", map);
        }
        throw new AssertionError(path + "." + name + " has an element that is no mapping");
    }

    private Collection<?> elements(String name) {
        if (value(name) instanceof Collection<?> list) {
            return list;
        }
        throw new AssertionError(path + "." + name + " is no list");
    }

    private Object value(String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new AssertionError(path + "." + name + " is missing");
        }
        return value;
    }
}
