-- What every limit is made of, the same as the engine's functions on values: a model test drives both with the same steps.
-- Numbers are IEEE doubles, exact up to 2^53; what a product could carry beyond goes through windows.muldiv. Time is in microseconds.
--
-- A subject is one hash. Its fields:
--   v, r               version and record of a key (written elsewhere)
--   s                  kind (one byte) and id of a subject without a record
--   x                  of a subject without a record: until when the whole hash is kept at least (a double)
--   c/<name>           a counter's state, as log.lua, windows.lua and quotas.lua write it
--   e/<number>/<name>  32 entries of a sliding log that has more than fit into its state
--   l                  leases: units that replicas hold of the subject's counters and have not told the use of
local call, spack, sunpack = redis.call, struct.pack, struct.unpack
local fmod, floor, ceil, min, max = math.fmod, math.floor, math.ceil, math.min, math.max
local byte, sub, unpack = string.byte, string.sub, unpack

local CHUNK, ENTRY, MOST_ENTRIES = 32, 12, 1025
local WRAP, EXACT = 4294967296, 9007199254740992
local MOST_DEBT = 4503599627370496
local LOG, BUCKET, FIXED, ROLLING, CALENDAR = 0, 1, 2, 4, 5
local QUOTA_STATE = 255

-- The moment of the call: Redis's own, or what a test sets.
local now
local function begin(moment)
  if moment == '' then
    local time = call('TIME')
    now = time[1] * 1000000 + time[2]
  else
    now = tonumber(moment)
  end
end

-- The functions of a module are made when one of them is first asked for. Redis runs all of a script's text with every call: to make
-- them all cost more than a decision, and most calls need few. What they share is then an upvalue of the module, cheap to hand on.
local function module(fill)
  return setmetatable({}, {__index = function(functions, name)
    setmetatable(functions, nil)
    fill(functions)
    return functions[name]
  end})
end

-- The sliding log; the other rates; quotas; leases; and what all have in common.
local log, windows, quotas, leases, limits

limits = module(function(limits)
  -- A rate's state: k algorithm, p period, m maximum, n newest stamp, and what its module says.
  local function unpack_rate(bytes, spare)
    local kind = byte(bytes)
    if kind == LOG then return log.unpack(bytes, spare) end
    if not kind or kind > 3 then error('damaged') end
    return windows.unpack(bytes)
  end

  -- A state from its bytes, whatever it is of; nil of none.
  function limits.unpack(bytes)
    if not bytes then return nil end
    if byte(bytes) == QUOTA_STATE then return quotas.unpack(bytes) end
    return unpack_rate(bytes)
  end

  -- The state of the counter that a charge names; in the table of a state that is not used any more, where one is given that has the same fields.
  function limits.state_of(l, bytes, spare)
    if not bytes then return nil end
    if l.k >= ROLLING then return quotas.unpack(bytes, spare) end
    return unpack_rate(bytes, spare)
  end

  local function pack(s)
    local k = s.k
    if k == LOG then return log.pack(s) end
    if k == QUOTA_STATE then return quotas.pack(s) end
    return windows.pack(s)
  end
  limits.pack = pack

  -- The state as the limit sees it: recorded under other terms it becomes its units at its newest stamp.
  function limits.under(c, l, s)
    if not s then return nil end
    local k = l.k
    if k >= ROLLING or (s.k == k and (k == LOG or (s.p == l.p and (k ~= BUCKET or s.m == l.m)))) then return s end
    return windows.convert(c, l, s)
  end

  -- Answers: refused, used, until all is free (0 = it is), until the cost fits (0 = it does, -1 = never). Changes nothing.
  local function test(c, l, s, cost, now)
    return l.of.test(c, l, s, cost, now)
  end
  limits.test = test

  -- Tests a charge of which other units are out on leases: they count as used until their replica tells.
  function limits.test_charge(c, l, s, cost, now, reserved, ends)
    if reserved == 0 then return test(c, l, s, cost, now) end
    local refused, used, reset, retry = test(c, l, s, cost + reserved, now)
    if not refused then return false, used, reset, 0 end
    used, reset = used + reserved, max(reset, ends - now)
    if cost == 0 then return false, used, reset, 0 end
    local is_full, _, _, later = test(c, l, s, cost, now)
    if not is_full then
      retry = ends - now
    elseif retry < 0 then
      retry = later
    end
    return true, used, reset, retry
  end

  -- Records a cost that was just tested and fits; answers the new state.
  function limits.spend(c, l, s, cost, now)
    if l.k >= ROLLING then return quotas.adjust(l, s, cost, now) end
    s = l.of.spend(c, l, s, cost, now)
    s.p, s.m, s.n = l.p, l.m, now
    return s
  end

  -- From when on a state no longer counts; nil = it always does.
  function limits.idle_at(s)
    local k = s.k
    if k == LOG then return s.n + s.p end
    if k == QUOTA_STATE then
      if s.e > 0 then return s.e end
      return nil
    end
    if k == BUCKET then return s.mk + 1 end
    if k == FIXED then return s.mk + s.p end
    return s.mk + 2 * s.p
  end

  -- The moment at which a charge is tested: never before what was recorded last. Nil and the moment where a calendar window is needed
  -- that the caller did not give.
  function limits.moment_of(l, s, now)
    local at = s and s.n > now and s.n or now
    if l.k == CALENDAR and (at < l.ws or at >= l.we) then return nil, at end
    return at
  end

  -- Reads one charge; answers it and the place after it.
  --   kind (+ 16 = only reported), place of the subject, name, terms
  local function read_terms(bytes, at)
    local kind, subject, length, name, m, p, x, y, z
    kind, subject, length, at = sunpack('<BBH', bytes, at)
    name, at = sub(bytes, at, at + length - 1), at + length
    local shadow = kind >= 16
    if shadow then kind = kind - 16 end
    if kind == ROLLING then
      m, p, at = sunpack('<dd', bytes, at)
      return {k = kind, shadow = shadow, subject = subject, name = name, m = m, p = p}, at
    elseif kind == CALENDAR then
      m, x, y, at = sunpack('<ddd', bytes, at)
      return {k = kind, shadow = shadow, subject = subject, name = name, m = m, ws = x, we = y}, at
    elseif kind == BUCKET then
      m, p, x, y, z, at = sunpack('<I4dI4dd', bytes, at)
      return {k = kind, shadow = shadow, subject = subject, name = name, m = m, p = p, cap = x, fw = y, fr = z}, at
    end
    m, p, at = sunpack('<I4d', bytes, at)
    return {k = kind, shadow = shadow, subject = subject, name = name, m = m, p = p}, at
  end

  function limits.read_charge(bytes, at)
    local l
    l, at = read_terms(bytes, at)
    if l.k == LOG then
      -- A limit that is too high to keep each request's entry keeps one for each of 1,024 parts of its period.
      l.of, l.grid = log, l.m > 1024 and floor((l.p + 1023) / 1024) or 0
    else
      l.of = l.k >= ROLLING and quotas or windows
    end
    return l, at
  end

  -- Writes what a changed state is stored as into lists of fields to set and to remove.
  function limits.collect(c, sets, dels)
    local s = c.s
    if s.before then
      for number = s.before.hc or 0, (s.before.tc or 0) - 1 do dels[#dels + 1] = log.chunk_field(c.name, number) end
      s.before = nil
    end
    if s.put or s.del then log.collect_chunks(c, s, sets, dels) end
    local n = #sets
    sets[n + 1], sets[n + 2] = c.field or 'c/' .. c.name, pack(s)
  end

  -- Keeps a hash without a record as long as it counts, and some time more, so that this is not written with every call.
  -- Answers the new value of its field x, where that changes.
  function limits.keep(key, kept, idle, now)
    if kept == math.huge then return nil end
    if not idle then
      call('PERSIST', key)
      return math.huge
    end
    if kept and idle <= kept then return nil end
    local spare = max(1000000, floor((idle - now) / 4))
    call('PEXPIRE', key, string.format('%.0f', ceil((idle + spare - now) / 1000)))
    return idle + spare
  end
end)
