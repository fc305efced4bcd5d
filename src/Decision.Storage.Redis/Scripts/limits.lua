-- The maths of every limit, the same as the engine's functions on values: a model test drives both with the same steps.
-- Numbers are IEEE doubles, exact up to 2^53; what a product could carry beyond goes through muldiv. Time is in microseconds.
--
-- A subject is one hash. Its fields:
--   v, r               version and record of a key (written elsewhere)
--   s                  kind (one byte) and id of a subject without a record
--   x                  of a subject without a record: until when the whole hash is kept at least (a double)
--   c/<name>           a counter's state, as pack_rate and pack_quota write it
--   e/<number>/<name>  32 entries of a sliding log that has more than fit into its state
--   l                  leases: units that replicas hold of the subject's counters and have not told the use of
-- Each script that begins with this one has in ARGV[1] nothing, or the moment that a test sets.
local call, spack, sunpack = redis.call, struct.pack, struct.unpack
local fmod, floor, ceil, min, max = math.fmod, math.floor, math.ceil, math.min, math.max
local byte, sub = string.byte, string.sub

local CHUNK, ENTRY, MOST_ENTRIES = 32, 12, 1025
local WRAP, EXACT = 4294967296, 9007199254740992
local MOST_DEBT = 4503599627370496
local LOG, BUCKET, FIXED, ROLLING, CALENDAR = 0, 1, 2, 4, 5
local QUOTA_STATE = 255

local now
if ARGV[1] == '' then
  local time = call('TIME')
  now = time[1] * 1000000 + time[2]
else
  now = tonumber(ARGV[1])
end

-- a * b / m and its remainder; b below 2^32, m below 2^52.
local function muldiv(a, b, m)
  local product = a * b
  if product <= EXACT then
    local rest = fmod(product, m)
    return (product - rest) / m, rest
  end
  local rests = fmod(a, m)
  local wholes = (a - rests) / m
  local quotient, rest, bit = 0, 0, 2147483648
  while bit >= 1 do
    quotient, rest = quotient * 2, rest * 2
    if rest >= m then quotient, rest = quotient + 1, rest - m end
    if b >= bit then
      b = b - bit
      quotient, rest = quotient + wholes, rest + rests
      if rest >= m then quotient, rest = quotient + 1, rest - m end
    end
    bit = bit / 2
  end
  return quotient, rest
end

-- A rate's state: k algorithm, p period, m maximum, n newest stamp, mk mark; others than the log: c count, pv previous.
-- The log: lg = whether it ever had two entries, chunks hc to tc - 1 stored apart, the newest entries in tail, ho entries of the
-- first chunk dropped, old the oldest stamp, sb the running sum before it, ls the newest. Sums count modulo 2^32.
local function unpack_rate(bytes)
  if not bytes then return nil end
  local kind = byte(bytes)
  if kind == LOG then
    if #bytes < 55 or (#bytes - 55) % ENTRY ~= 0 then error('damaged') end
    local _, p, m, n, mk, lg, hc, tc, ho, old, sb, ls = sunpack('<BdI4ddBI4I4BdI4I4', bytes)
    return {k = LOG, p = p, m = m, n = n, mk = mk, lg = lg, hc = hc, tc = tc, ho = ho, old = old, sb = sb, ls = ls, tail = sub(bytes, 56)}
  end
  if not kind or kind > 3 or #bytes ~= 37 then error('damaged') end
  local _, p, m, n, mk, c, pv = sunpack('<BdI4ddI4I4', bytes)
  return {k = kind, p = p, m = m, n = n, mk = mk, c = c, pv = pv}
end

local function pack_rate(s)
  if s.k == LOG then
    return spack('<BdI4ddBI4I4BdI4I4', LOG, s.p, s.m, s.n, s.mk, s.lg, s.hc, s.tc, s.ho, s.old, s.sb, s.ls) .. s.tail
  end
  return spack('<BdI4ddI4I4', s.k, s.p, s.m, s.n, s.mk, s.c, s.pv or 0)
end

-- A quota's state: n start of the period (0 = none), c used, e until when it counts by its terms at the last change (0 = always).
local function unpack_quota(bytes)
  if not bytes then return nil end
  if byte(bytes) ~= QUOTA_STATE or #bytes ~= 25 then error('damaged') end
  local _, n, c, e = sunpack('<Bddd', bytes)
  return {k = QUOTA_STATE, n = n, c = c, e = e}
end

local function pack_quota(s)
  return spack('<Bddd', QUOTA_STATE, s.n, s.c, s.e)
end

-- The log's entries, 0 = the oldest.
local function count(s)
  return (s.tc - s.hc) * CHUNK + #s.tail / ENTRY - s.ho
end

local function chunk_field(name, number)
  return 'e/' .. number .. '/' .. name
end

local function chunk(c, s, number)
  local held = s.ch and s.ch[number]
  if not held then
    held = call('HGET', c.key, chunk_field(c.name, number))
    if not held or #held ~= CHUNK * ENTRY then error('damaged') end
    s.ch = s.ch or {}
    s.ch[number] = held
  end
  return held
end

-- Stamp and running sum of an entry.
local function entry(c, s, index)
  local place = s.ho + index
  local into = place % CHUNK
  local number = s.hc + (place - into) / CHUNK
  return sunpack('<dI4', number >= s.tc and s.tail or chunk(c, s, number), into * ENTRY + 1)
end

local function sum_before(c, s, index)
  if index == 0 then return s.sb end
  local _, sum = entry(c, s, index - 1)
  return sum
end

-- The first entry stamped after the horizon. Near the oldest in nearly every case, so it is sought from there on in growing steps.
local function first_after(c, s, horizon)
  local n = count(s)
  if n == 0 or s.old > horizon then return 0 end
  if s.n <= horizon then return n end
  local low, high, step = 1, 1, 1
  while high < n - 1 and entry(c, s, high) <= horizon do
    low, step = high + 1, step * 2
    high = high + step
  end
  if high > n - 1 then high = n - 1 end
  while low < high do
    local middle = floor((low + high) / 2)
    if entry(c, s, middle) > horizon then high = middle else low = middle + 1 end
  end
  return low
end

-- The stamp of the entry with which, from index on, at least so many units have left the window.
local function stamp_of_unit(c, s, index, units)
  local before, last = sum_before(c, s, index), count(s) - 1
  local low, high, step = index, index, 1
  while high < last do
    local _, sum = entry(c, s, high)
    if (sum - before) % WRAP >= units then break end
    low, step = high + 1, step * 2
    high = high + step
  end
  if high > last then high = last end
  while low < high do
    local middle = floor((low + high) / 2)
    local _, sum = entry(c, s, middle)
    if (sum - before) % WRAP >= units then high = middle else low = middle + 1 end
  end
  local stamp = entry(c, s, low)
  return stamp
end

local function units_after(c, s, horizon)
  local first = first_after(c, s, horizon)
  if first == count(s) then return 0, first end
  return (s.ls - sum_before(c, s, first)) % WRAP, first
end

local function drop_chunk(s, number)
  if s.ch then s.ch[number] = nil end
  if s.put and s.put[number] then s.put[number] = nil end
  s.del = s.del or {}
  s.del[#s.del + 1] = number
end

-- Leaves out the entries before first. A log with none left goes on with the number of its tail, which was never stored.
local function drop(c, s, first)
  if first == 0 then return end
  if first == count(s) then
    for number = s.hc, s.tc - 1 do drop_chunk(s, number) end
    s.hc, s.ho, s.sb, s.tail = s.tc, 0, s.ls, ''
    return
  end
  local stamp, sum = entry(c, s, first), sum_before(c, s, first)
  local place = s.ho + first
  local into = place % CHUNK
  local head = s.hc + (place - into) / CHUNK
  for number = s.hc, head - 1 do drop_chunk(s, number) end
  s.hc, s.ho, s.sb, s.old = head, into, sum, stamp
  if s.hc == s.tc then s.tail, s.ho = sub(s.tail, into * ENTRY + 1), 0 end
end

local function join(s, stamp, units)
  s.ls = (s.ls + units) % WRAP
  s.tail = sub(s.tail, 1, -ENTRY - 1) .. spack('<dI4', stamp, s.ls)
  if count(s) == 1 then s.old = stamp end
end

local function append(s, stamp, units)
  local n = count(s)
  if n >= MOST_ENTRIES then return join(s, stamp, units) end
  if #s.tail == CHUNK * ENTRY then
    s.put, s.ch = s.put or {}, s.ch or {}
    s.put[s.tc], s.ch[s.tc] = s.tail, s.tail
    s.tc, s.tail = s.tc + 1, ''
  end
  if n == 0 then s.old, s.sb = stamp, s.ls end
  s.ls = (s.ls + units) % WRAP
  s.tail = s.tail .. spack('<dI4', stamp, s.ls)
end

-- Folds neighbours until entries are at least so far apart; answers the first stamp in the newest entry.
local function fold(c, s, grid)
  local stamps, sums, kept, n = {}, {}, 1, count(s)
  local first = s.old
  for index = 0, n - 1 do
    local stamp, sum = entry(c, s, index)
    if index > 0 and stamp - first >= grid then kept, first = kept + 1, stamp end
    stamps[kept], sums[kept] = stamp, sum
  end
  for number = s.hc, s.tc - 1 do drop_chunk(s, number) end
  s.hc, s.tc, s.ho, s.tail, s.old = s.tc, s.tc, 0, '', stamps[1]
  for index = 1, kept do
    if #s.tail == CHUNK * ENTRY then
      s.put, s.ch = s.put or {}, s.ch or {}
      s.put[s.tc], s.ch[s.tc] = s.tail, s.tail
      s.tc, s.tail = s.tc + 1, ''
    end
    s.tail = s.tail .. spack('<dI4', stamps[index], sums[index])
  end
  return first
end

local function new_log()
  return {k = LOG, p = 0, m = 0, n = 0, mk = 0, lg = 0, hc = 0, tc = 0, ho = 0, old = 0, sb = 0, ls = 0, tail = ''}
end

-- The state as the limit sees it: recorded under other terms it becomes its units at its newest stamp.
local function under(c, l, s)
  if not s then return nil end
  local k = l.k
  if s.k == k and (k == LOG or (s.p == l.p and (k ~= BUCKET or s.m == l.m))) then return s end
  local units
  if s.k == LOG then
    units = units_after(c, s, s.n - l.p)
  elseif s.k == BUCKET then
    units = 0
    if s.mk >= s.n then
      local wholes, rest = muldiv(s.mk - s.n, s.m, s.p)
      units = wholes + ceil((rest + s.c) / s.p)
    end
  elseif s.k == FIXED then
    units = s.c
  else
    units = s.c + (s.mk > s.n - l.p and s.pv or 0)
  end
  units = min(units, WRAP - 1)
  local u
  if k == LOG then
    u = new_log()
    u.n = s.n
    if units > 0 then
      u.ls, u.tail, u.old = units, spack('<dI4', s.n, units), s.n
    end
    u.mk = s.n
  elseif k == BUCKET then
    local whole, rest = muldiv(l.p, units, l.m)
    if whole >= MOST_DEBT then whole, rest = MOST_DEBT, 0 end
    u = {k = k, n = s.n, mk = s.n + whole, c = rest, pv = 0}
  else
    u = {k = k, n = s.n, mk = s.n - fmod(s.n, l.p), c = units, pv = 0}
  end
  u.p, u.m, u.before = l.p, l.m, s
  return u
end

local function window_counts(s, start, period)
  if not s then return 0, 0 end
  if s.mk == start then return s.pv, s.c end
  if s.mk == start - period then return s.c, 0 end
  return 0, 0
end

-- Answers: refused, used, until all is free (0 = it is), until the cost fits (0 = it does, -1 = never). Changes nothing.
local function test_rate(c, l, s, cost, now)
  local k = l.k
  if k == LOG then
    local horizon, used, first = now - l.p, 0, 0
    if s then used, first = units_after(c, s, horizon) end
    if cost == 0 or cost <= l.m - used then
      local after = used + cost
      return false, after, after > 0 and (cost > 0 and now or s.n) - horizon or 0, 0
    end
    local retry = -1
    if cost <= l.m then retry = stamp_of_unit(c, s, first, used + cost - l.m) - horizon end
    return true, used, used > 0 and s.n - horizon or 0, retry
  elseif k == BUCKET then
    local whole, rest = 0, 0
    if s and s.mk >= now then whole, rest = s.mk - now, s.c end
    local wholes, left = muldiv(whole, l.m, l.p)
    local used = wholes + ceil((left + rest) / l.p)
    local reset = whole + (rest > 0 and 1 or 0)
    if cost > l.cap then return true, used, reset, -1 end
    if cost == 0 then return false, used, reset, 0 end
    local more, more_rest = muldiv(l.p, cost, l.m)
    whole, rest = whole + more, rest + more_rest
    if rest >= l.m then whole, rest = whole + 1, rest - l.m end
    if whole > l.fw or (whole == l.fw and rest > l.fr) then
      return true, used, reset, whole - l.fw + (rest > l.fr and 1 or 0)
    end
    return false, used + cost, whole + (rest > 0 and 1 or 0), 0
  elseif k == FIXED then
    local start = now - fmod(now, l.p)
    local left = start + l.p - now
    local used = s and s.mk == start and s.c or 0
    if cost > 0 and cost > l.m - used then
      return true, used, used > 0 and left or 0, cost > l.m and -1 or left
    end
    used = used + cost
    return false, used, used > 0 and left or 0, 0
  end
  local start = now - fmod(now, l.p)
  local left = start + l.p - now
  local previous, current = window_counts(s, start, l.p)
  local share, rest = muldiv(left, previous, l.p)
  local used = share + (rest > 0 and 1 or 0) + current
  local fits = cost == 0 or cost <= l.m - used
  local counted = fits and current + cost or current
  local reset = counted > 0 and left + l.p or previous > 0 and left or 0
  if fits then return false, used + cost, reset, 0 end
  if cost > l.m then return true, used, reset, -1 end
  local free = l.m - current - cost
  if free >= 0 then return true, used, reset, left - (muldiv(l.p, free, previous)) end
  return true, used, reset, left + l.p - (muldiv(l.p, l.m - cost, current))
end

-- Records a cost that was just tested and fits; answers the new state.
local function spend_rate(c, l, s, cost, now)
  local k = l.k
  if k == LOG then
    s = s or new_log()
    local horizon = now - l.p
    local grid = l.m > 1024 and floor((l.p + 1023) / 1024) or 0
    if s.lg == 0 then
      if count(s) == 0 or s.n <= horizon then
        s.sb, s.tail, s.mk = s.ls, '', now
        append(s, now, cost)
      elseif now == s.n or now - s.mk < grid then
        join(s, now, cost)
      else
        s.lg, s.mk = 1, now
        append(s, now, cost)
      end
    else
      drop(c, s, first_after(c, s, horizon))
      local n = count(s)
      if n > 0 and grid > 0 and (s.m <= 1024 or s.p < l.p) then s.mk = fold(c, s, grid) end
      if n > 0 and (now == s.n or now - s.mk < grid) then
        join(s, now, cost)
      else
        append(s, now, cost)
        s.mk = now
      end
    end
  elseif k == BUCKET then
    local whole, rest = 0, 0
    if s and s.mk >= now then whole, rest = s.mk - now, s.c end
    local more, more_rest = muldiv(l.p, cost, l.m)
    whole, rest = whole + more, rest + more_rest
    if rest >= l.m then whole, rest = whole + 1, rest - l.m end
    s = s or {k = k, pv = 0}
    s.mk, s.c = now + whole, rest
  else
    local start = now - fmod(now, l.p)
    local previous, current = window_counts(s, start, l.p)
    s = s or {k = k}
    s.mk, s.c, s.pv = start, current + cost, k == FIXED and 0 or previous
  end
  s.p, s.m, s.n = l.p, l.m, now
  return s
end

-- From when on a state no longer counts; nil = it always does.
local function idle_at(s)
  if s.k == QUOTA_STATE then
    if s.e > 0 then return s.e end
    return nil
  end
  if s.k == LOG then return s.n + s.p end
  if s.k == BUCKET then return s.mk + 1 end
  if s.k == FIXED then return s.mk + s.p end
  return s.mk + 2 * s.p
end

-- What of a quota's state belongs to the period that runs now: its start (0 = none runs) and what was used in it.
local function quota_now(l, s, now)
  if not s or s.n == 0 then return 0, 0 end
  if l.k == ROLLING then
    if l.p > 0 and now - s.n >= l.p then return 0, 0 end
  elseif s.n < l.ws then
    return 0, 0
  end
  return s.n, s.c
end

local function quota_end(l, start, now)
  if l.k == CALENDAR then return l.we end
  if l.p == 0 then return nil end
  return (start == 0 and now or start) + l.p
end

local function test_quota(l, s, cost, now)
  local start, used = quota_now(l, s, now)
  local refused = cost > 0 and cost > l.m - used
  if not refused then used = used + cost end
  local ends = quota_end(l, start, now)
  local left = ends and ends - now or -1
  return refused, used, used > 0 and left or 0, refused and (cost > l.m and -1 or left) or 0
end

-- Adds to what was used, or with a negative delta takes from it.
local function adjust_quota(l, s, delta, now)
  local start, used = quota_now(l, s, now)
  used = max(0, min(used + delta, EXACT - 1))
  if start == 0 and used > 0 then start = now end
  return {k = QUOTA_STATE, n = start, c = used, e = start > 0 and quota_end(l, start, now) or 0}
end

-- Reads one charge; answers it and the place after it.
--   kind (+ 16 = only reported), place of the subject, name, terms
local function read_charge(bytes, at)
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

-- The moment at which a charge is tested: never before what was recorded last. Nil and the moment where a calendar window is needed
-- that the caller did not give.
local function moment_of(l, s, now)
  local at = s and s.n > now and s.n or now
  if l.k == CALENDAR and (at < l.ws or at >= l.we) then return nil, at end
  return at
end

-- Writes what a changed state is stored as into lists of fields to set and to remove.
local function collect(c, sets, dels)
  local s = c.s
  local n, d = #sets, #dels
  if s.before then
    for number = s.before.hc or 0, (s.before.tc or 0) - 1 do
      d = d + 1
      dels[d] = chunk_field(c.name, number)
    end
    s.before = nil
  end
  if s.del then
    for index = 1, #s.del do
      d = d + 1
      dels[d] = chunk_field(c.name, s.del[index])
    end
    s.del = nil
  end
  if s.put then
    for number, bytes in pairs(s.put) do
      n = n + 2
      sets[n - 1], sets[n] = chunk_field(c.name, number), bytes
    end
    s.put = nil
  end
  n = n + 2
  sets[n - 1], sets[n] = 'c/' .. c.name, s.k == QUOTA_STATE and pack_quota(s) or pack_rate(s)
end

-- Keeps a hash without a record as long as it counts, and some time more, so that this is not written with every call.
-- Answers the new value of its field x, where that changes.
local function keep(key, kept, idle, now)
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

-- Leases of a subject, as the field l holds them: of each the counter's name, the id that its replica gave it, the number of its last order, units
-- that were told as used, units that are out, the end by which these are used or given back, and until when what is used at the end counts at most.
local function read_leases(bytes)
  local leases, at = {}, 1
  while at <= #bytes do
    local length, lease
    length, at = sunpack('<H', bytes, at)
    lease, at = {name = sub(bytes, at, at + length - 1)}, at + length
    lease.id, lease.number, lease.told, lease.units, lease.ends, lease.counts, at = sunpack('<c8ddddd', bytes, at)
    leases[#leases + 1] = lease
  end
  return leases
end

local function write_leases(leases)
  local parts = {}
  for index = 1, #leases do
    local lease = leases[index]
    parts[index] = spack('<H', #lease.name) .. lease.name .. spack('<c8ddddd', lease.id, lease.number, lease.told, lease.units, lease.ends, lease.counts)
  end
  return table.concat(parts)
end

-- Counts units that were used of a lease, at their last use or later; answers the new state. What was used in a quota's period that is over
-- does not count any more.
local function use_lease(c, l, s, units, at, now)
  if units <= 0 then return s end
  at = max(at, s and s.n or 0)
  if l.k >= ROLLING then
    if (l.k == CALENDAR and at < l.ws) or (s and s.n > 0 and quota_now(l, s, max(now, at)) == 0) then return s end
    return adjust_quota(l, s, units, at)
  end
  return spend_rate(c, l, under(c, l, s), units, at)
end

-- Units of a counter that are out on leases, the last end of them, and whether one is past its end.
local function reserved_of(leases, name, now)
  local reserved, ends, has_ended = 0, 0, false
  for index = 1, #leases do
    local lease = leases[index]
    if lease.name == name then
      if lease.ends <= now then has_ended = true else reserved, ends = reserved + lease.units, max(ends, lease.ends) end
    end
  end
  return reserved, ends, has_ended
end

-- Counts what is past its end: its replica told nothing of it, so all of it may have been used until then. Answers the new state and the leases
-- that are left.
local function end_leases(leases, c, l, s, now)
  local left = {}
  for index = 1, #leases do
    local lease = leases[index]
    if lease.name == c.name and lease.ends <= now then
      s = use_lease(c, l, s, lease.units, lease.ends, now)
    else
      left[#left + 1] = lease
    end
  end
  return s, left
end

local function test_bare(c, l, s, cost, now)
  if l.k >= ROLLING then return test_quota(l, s, cost, now) end
  return test_rate(c, l, s, cost, now)
end

-- Tests a charge of which other units are out on leases: they count as used until their replica tells.
local function test_charge(c, l, s, cost, now, reserved, ends)
  if reserved == 0 then return test_bare(c, l, s, cost, now) end
  local refused, used, reset, retry = test_bare(c, l, s, cost + reserved, now)
  if not refused then return false, used, reset, 0 end
  used, reset = used + reserved, max(reset, ends - now)
  if cost == 0 then return false, used, reset, 0 end
  local is_full, _, _, later = test_bare(c, l, s, cost, now)
  if not is_full then
    retry = ends - now
  elseif retry < 0 then
    retry = later
  end
  return true, used, reset, retry
end
