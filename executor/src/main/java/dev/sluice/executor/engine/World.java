package dev.sluice.executor.engine;

/** What one run has to do with outside of itself. */
public record World(HttpCaller caller, Subscriptions subscriptions, Children children, Bell bell) {}
