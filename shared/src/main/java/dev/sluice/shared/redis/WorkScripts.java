package dev.sluice.shared.redis;

import dev.sluice.shared.tenancy.OrganizationId;

/**
 * What happens to streams, atomically and in one round trip each. {@code sluice:rotation} (sorted set) holds the
 * organizations with entries that nobody took, by their turn, a thousand for each item; {@code sluice:active} (set) those with any entries;
 * {@code sluice:queued:…} (set) the ids that an organization's stream has, so that none is there twice. A stream that
 * becomes empty is deleted, with its group and consumers, so a loss of all data needs no repair.
 */
final class WorkScripts {

    static final String WAKEUP_CHANNEL = "sluice:wakeup";

    /** organization, maximum length, ids… → how many of them, from the first on, are in the stream now. */
    static final Script PUBLISH = Script.of("""
            local stream, queued = 'sluice:work:' .. ARGV[1], 'sluice:queued:' .. ARGV[1]
            local length = redis.call('XLEN', stream)
            local room, there = tonumber(ARGV[2]) - length, 0
            if length == 0 then redis.pcall('XGROUP', 'CREATE', stream, 'executors', '0', 'MKSTREAM') end
            for i = 3, #ARGV do
              if redis.call('SISMEMBER', queued, ARGV[i]) == 0 then
                if room <= 0 then break end
                redis.call('XADD', stream, '*', 'id', ARGV[i])
                redis.call('SADD', queued, ARGV[i])
                room = room - 1
              end
              there = there + 1
            end
            if there == 0 then return 0 end
            redis.call('SADD', 'sluice:active', ARGV[1])
            if not redis.call('ZSCORE', 'sluice:rotation', ARGV[1]) then
              redis.call('ZADD', 'sluice:rotation', redis.call('INCRBY', 'sluice:turn', 1000), ARGV[1])
            end
            redis.call('PUBLISH', 'sluice:wakeup', '1')
            return there
            """);

    /**
     * consumer, permits, most per turn, most of an organization not named, then organization, weight, room, … →
     * organization, entry, id, … Who has had the least for its weight comes first; each step takes something, ends a
     * rotation, or passes over one without room, which keeps its place. The turn is that of the last one served, so that
     * nobody saves up turns.
     */
    static final Script TAKE = Script.of("""
            local taken, permits = {}, tonumber(ARGV[2])
            local weights, rooms = {}, {}
            for i = 5, #ARGV, 3 do
              weights[ARGV[i]] = tonumber(ARGV[i + 1])
              rooms[ARGV[i]] = tonumber(ARGV[i + 2])
            end
            local waiting = redis.call('ZCARD', 'sluice:rotation')
            local share = math.floor(permits / math.max(1, waiting))
            local quantum = math.max(1, math.min(tonumber(ARGV[3]), share))
            local turn = tonumber(redis.call('GET', 'sluice:turn') or '0')
            local passed = 0
            while permits > 0 do
              local first = redis.call('ZRANGE', 'sluice:rotation', passed, passed, 'WITHSCORES')
              local organization = first[1]
              if not organization then break end
              local room = rooms[organization] or tonumber(ARGV[4])
              if room < 1 then
                passed = passed + 1
              else
                local stream = 'sluice:work:' .. organization
                local want, got = math.min(quantum, permits, room), 0
                local function read()
                  return redis.pcall('XREADGROUP', 'GROUP', 'executors', ARGV[1], 'COUNT', want, 'STREAMS', stream, '>')
                end
                local answer = read()
                if answer and answer.err and redis.call('EXISTS', stream) == 1 then
                  redis.pcall('XGROUP', 'CREATE', stream, 'executors', '0')
                  answer = read()
                end
                if answer and not answer.err then
                  for _, entry in ipairs(answer[1][2]) do
                    table.insert(taken, organization)
                    table.insert(taken, entry[1])
                    table.insert(taken, entry[2][2])
                    got = got + 1
                  end
                end
                permits = permits - got
                rooms[organization] = room - got
                if got < want then
                  redis.call('ZREM', 'sluice:rotation', organization)
                else
                  turn = math.max(turn, tonumber(first[2]))
                  local cost = math.ceil(got * 1000 / (weights[organization] or 1))
                  redis.call('ZADD', 'sluice:rotation', string.format('%.0f', turn + cost), organization)
                end
              end
            end
            redis.call('SET', 'sluice:turn', string.format('%.0f', turn))
            return taken
            """);

    /** organization, entry, id, … → 0. */
    static final Script ACKNOWLEDGE = Script.of("""
            local touched = {}
            for i = 1, #ARGV, 3 do
              local stream = 'sluice:work:' .. ARGV[i]
              redis.call('XACK', stream, 'executors', ARGV[i + 1])
              if redis.call('XDEL', stream, ARGV[i + 1]) == 1 then
                redis.call('SREM', 'sluice:queued:' .. ARGV[i], ARGV[i + 2])
              end
              touched[ARGV[i]] = stream
            end
            for organization, stream in pairs(touched) do
              if redis.call('XLEN', stream) == 0 then
                redis.call('DEL', stream, 'sluice:queued:' .. organization)
                redis.call('SREM', 'sluice:active', organization)
                redis.call('ZREM', 'sluice:rotation', organization)
              end
            end
            return 0
            """);

    /** consumer, idle milliseconds, maximum → organization, entry, id, … Forgets other consumers that hold nothing. */
    static final Script RECLAIM = Script.of("""
            local taken, left = {}, tonumber(ARGV[3])
            local function forget(stream)
              for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', stream, 'executors')) do
                local info = {}
                for i = 1, #fields, 2 do info[fields[i]] = fields[i + 1] end
                if info.pending == 0 and info.idle >= tonumber(ARGV[2]) and info.name ~= ARGV[1] then
                  redis.call('XGROUP', 'DELCONSUMER', stream, 'executors', info.name)
                end
              end
            end
            for _, organization in ipairs(redis.call('SMEMBERS', 'sluice:active')) do
              if left <= 0 then break end
              local stream, cursor, claimed = 'sluice:work:' .. organization, '0-0', false
              repeat
                local answer = redis.pcall(
                  'XAUTOCLAIM', stream, 'executors', ARGV[1], ARGV[2], cursor, 'COUNT', left)
                claimed = not answer.err
                if answer.err then break end
                cursor = answer[1]
                for _, entry in ipairs(answer[2]) do
                  table.insert(taken, organization)
                  table.insert(taken, entry[1])
                  table.insert(taken, entry[2][2])
                  left = left - 1
                end
              until cursor == '0-0' or left <= 0
              if cursor == '0-0' and claimed then forget(stream) end
            end
            return taken
            """);

    /** → entries in all streams. */
    static final Script BACKLOG = Script.of("""
            local total = 0
            for _, organization in ipairs(redis.call('SMEMBERS', 'sluice:active')) do
              total = total + redis.call('XLEN', 'sluice:work:' .. organization)
            end
            return total
            """);

    /** length → organizations whose streams are longer. */
    static final Script LONGER = Script.of("""
            local longer = {}
            for _, organization in ipairs(redis.call('SMEMBERS', 'sluice:active')) do
              if redis.call('XLEN', 'sluice:work:' .. organization) > tonumber(ARGV[1]) then
                table.insert(longer, organization)
              end
            end
            return longer
            """);

    static String stream(OrganizationId organization) {
        return "sluice:work:" + organization;
    }

    private WorkScripts() {}
}
