Feature: Stream
  Responses that are read as they come, by the function `stream` of the default catalog.

  @task.call.call
  Scenario: A response in the format json-array is read element by element
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-in-json-array-is-read, version: '1.0.0' }
      do:
        - read:
            call: stream
            with:
              method: get
              endpoint: https://things.example/numbers/json-array
              format: json-array
              select: '.number'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: A response in the format ndjson is read element by element
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-in-ndjson-is-read, version: '1.0.0' }
      do:
        - read:
            call: stream
            with:
              method: get
              endpoint: https://things.example/numbers/ndjson
              format: ndjson
              select: '.number'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: A response in the format sse is read element by element
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-in-sse-is-read, version: '1.0.0' }
      do:
        - read:
            call: stream
            with:
              method: get
              endpoint: https://things.example/numbers/sse
              format: sse
              select: '.data.number'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: A response in the format csv is read element by element
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-in-csv-is-read, version: '1.0.0' }
      do:
        - read:
            call: stream
            with:
              method: get
              endpoint: https://things.example/numbers/csv
              format: csv
              select: '.number | tonumber'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: Pages are followed by cursor
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: pages-are-followed-by-cursor, version: '1.0.0' }
      do:
        - read:
            call: 'stream:1.0.0@default'
            with:
              method: get
              endpoint: https://things.example/pages
              format: pages
              pages: { cursor: { from: .next, parameter: after } }
              select: '.items[]'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: Pages are followed by offset
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: pages-are-followed-by-offset, version: '1.0.0' }
      do:
        - read:
            call: 'stream:1.0.0@default'
            with:
              method: get
              endpoint: https://things.example/pages
              format: pages
              pages: { offset: { limit: 2 } }
              select: '.items[]'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: Pages are followed by page
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: pages-are-followed-by-page, version: '1.0.0' }
      do:
        - read:
            call: 'stream:1.0.0@default'
            with:
              method: get
              endpoint: https://things.example/pages
              format: pages
              pages: { page: { first: 1 } }
              select: '.items[]'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: Pages are followed by link
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: pages-are-followed-by-link, version: '1.0.0' }
      do:
        - read:
            call: 'stream:1.0.0@default'
            with:
              method: get
              endpoint: https://things.example/pages
              format: pages
              pages: { link: true }
              select: '.items[]'
              collect: array
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """

  @task.call.call
  Scenario: Tasks are done with each element
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: tasks-are-done-with-each-element, version: '1.0.0' }
      do:
        - read:
            call: stream
            with:
              method: get
              endpoint: https://things.example/numbers/ndjson
              format: ndjson
              item: one
              at: place
              concurrency: 3
              collect: array
              do:
                - ask: { call: http, with: { method: get, endpoint: "https://things.example/echo/{number}" } }
                - say: { set: "${ {path, one: $one.number, $place} }" }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - { path: /echo/1, one: 1, place: 0 }
      - { path: /echo/2, one: 2, place: 1 }
      - { path: /echo/3, one: 3, place: 2 }
      - { path: /echo/4, one: 4, place: 3 }
      - { path: /echo/5, one: 5, place: 4 }
      """

  @task.call.call
  Scenario: Elements are counted
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: elements-are-counted, version: '1.0.0' }
      do:
        - read:
            call: stream
            with: { method: get, endpoint: "https://things.example/numbers/csv", format: csv, collect: count }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      5
      """

  @task.call.call
  Scenario: A response of another format is an error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-of-another-format-is-an-error, version: '1.0.0' }
      do:
        - guarded:
            try:
              - read:
                  call: stream
                  with: { method: get, endpoint: "https://things.example/numbers/none", format: ndjson }
            catch:
              do:
                - say: { set: { status: "${ $error.status }", detail: "${ $error.detail }" } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 502
      detail: Line 1 is not JSON.
      """
