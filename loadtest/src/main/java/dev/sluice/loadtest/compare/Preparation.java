package dev.sluice.loadtest.compare;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Requests that an engine has to take before it is measured, such as those with its workflows. */
public final class Preparation {

    private Preparation() {}

    /** Sends one; blocks until it is answered. A {@link CompareFailure} says what the engine has against it. */
    public static void send(String engine, HttpRequest request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new CompareFailure(engine + " refused what it was given: " + answer.body());
            }
        } catch (IOException e) {
            throw new CompareFailure(engine + " does not answer: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompareFailure("Interrupted.", e);
        }
    }
}
