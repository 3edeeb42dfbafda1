Feature: Retry
  What failed is tried again.

  @task.try.catch.retry
  Scenario: It is tried again until it works
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-is-tried-again-until-it-works, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/works?failures=2' }
            catch:
              retry: { limit: { attempt: { count: 3 } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 3
      """
    And ask should run 3 times

  @retry.limit.attempt.count
  Scenario: It is tried no more often than it may be
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-is-tried-no-more-often-than-it-may-be, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/never?failures=99' }
            catch:
              retry: { limit: { attempt: { count: 2 } } }
              do:
                - giveUp:
                    set: { status: '${ $error.status }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 503
      """
    And ask should run 3 times

  @retry.when
  Scenario: It is tried again only while a condition holds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-is-tried-again-only-while-a-condition, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/unworthy?failures=99' }
            catch:
              retry: { when: $error.status == 429, limit: { attempt: { count: 5 } } }
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      handled: true
      """
    And ask should run 1 time

  @retry.exceptWhen
  Scenario: It is not tried again while an exception holds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-is-not-tried-again-while-an-exception, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/excepted?failures=99' }
            catch:
              retry: { exceptWhen: $error.status == 503, limit: { attempt: { count: 5 } } }
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      handled: true
      """
    And ask should run 1 time

  @retry.delay
  Scenario: It is tried again after a while
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-is-tried-again-after-a-while, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/later?failures=1' }
            catch:
              retry: { delay: { milliseconds: 300 }, limit: { attempt: { count: 1 } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 2
      """
    And the workflow should take at least 300 milliseconds

  @retry.backoff.linear
  Scenario: The while grows by itself
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-while-grows-by-itself, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/linear?failures=2' }
            catch:
              retry: { delay: { milliseconds: 150 }, backoff: { linear: {} }, limit: { attempt: { count: 2 } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 3
      """
    And the workflow should take at least 450 milliseconds

  @retry.backoff.exponential
  Scenario: The while doubles
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-while-doubles, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/exponential?failures=2' }
            catch:
              retry: { delay: { milliseconds: 150 }, backoff: { exponential: {} }, limit: { attempt: { count: 2 } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 3
      """
    And the workflow should take at least 450 milliseconds

  @retry.limit.duration
  Scenario: It is not tried again when its time is over
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-is-not-tried-again-when-its-time-is-o, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/overdue?failures=99' }
            catch:
              retry: { delay: { seconds: 7 }, limit: { duration: { seconds: 6 } } }
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      handled: true
      """
    And ask should run 2 times

  @workflow.use.retries
  Scenario: A policy is used by its name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-policy-is-used-by-its-name, version: '1.0.0' }
      use:
        retries:
          twice: { limit: { attempt: { count: 2 } } }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/named?failures=2' }
            catch:
              retry: twice
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 3
      """

  @retry.backoff.constant
  Scenario: The while stays the same
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-while-stays-the-same, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/constant?failures=2' }
            catch:
              retry: { delay: { milliseconds: 100 }, backoff: { constant: {} }, limit: { attempt: { count: 2 } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 3
      """
    And the workflow should take at least 200 milliseconds

  @retry.jitter.from @retry.jitter.to
  Scenario: The while is longer by chance
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-while-is-longer-by-chance, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/jitter?failures=1' }
            catch:
              retry: { delay: { milliseconds: 50 }, jitter: { from: { milliseconds: 150 }, to: { milliseconds: 200 } }, limit: { attempt: { count: 1 } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visit: 2
      """
    And the workflow should take at least 200 milliseconds

  @retry.limit.attempt.duration
  Scenario: An attempt ends when its time is over
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-attempt-ends-when-its-time-is-over, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/slow' }
            catch:
              retry: { limit: { attempt: { count: 1, duration: { milliseconds: 300 } } } }
              do:
                - note:
                    set: { status: '${ $error.status }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 408
      """
