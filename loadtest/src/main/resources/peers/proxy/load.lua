-- One route; with a pause of so many milliseconds on average between a connection's answer and its next request, so that
-- the rate is nearly the same whatever is measured. Ends with what was measured, in one line.
local pause = tonumber(os.getenv("PAUSE_MILLIS") or "0")

if pause > 0 then
    function delay()
        return math.floor(-pause * math.log(1 - math.random()) + 0.5)
    end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("measured %d %d %d %d %d %d\n", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status,
        latency:percentile(50), latency:percentile(99)))
end
