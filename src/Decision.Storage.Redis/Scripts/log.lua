-- Rates by sliding log. A state: lg = whether it ever had two entries, chunks hc to tc - 1 stored apart, the newest entries in tail, ho entries
-- of the first chunk dropped, old the oldest stamp, sb the running sum before it, ls the newest, mk mark. Sums count modulo 2^32.
local chunks

log = module(function(log)
  local HEADER, HEADER_LENGTH = '<BdI4ddBI4I4BdI4I4', 55

  function log.unpack(bytes, spare)
    if #bytes < 55 or (#bytes - 55) % ENTRY ~= 0 then error('damaged') end
    local s = spare and spare.k == LOG and spare or log.of(0, 0)
    local _
    _, s.p, s.m, s.n, s.mk, s.lg, s.hc, s.tc, s.ho, s.old, s.sb, s.ls = sunpack(HEADER, bytes)
    s.tail, s.ch, s.put, s.del, s.before = sub(bytes, 56), nil, nil, nil, nil
    return s
  end

  function log.pack(s)
    return spack(HEADER, LOG, s.p, s.m, s.n, s.mk, s.lg, s.hc, s.tc, s.ho, s.old, s.sb, s.ls) .. s.tail
  end

  -- Units at one stamp.
  function log.of(stamp, units)
    local s = {k = LOG, p = 0, m = 0, n = stamp, mk = stamp, lg = 0, hc = 0, tc = 0, ho = 0, old = 0, sb = 0, ls = 0, tail = ''}
    if units > 0 then
      s.ls, s.tail, s.old = units, spack('<dI4', stamp, units), stamp
    end
    return s
  end

  -- The log's entries, 0 = the oldest.
  local function count(s)
    return (s.tc - s.hc) * CHUNK + #s.tail / ENTRY - s.ho
  end
  log.count = count

  function log.chunk_field(name, number)
    return 'e/' .. number .. '/' .. name
  end

  -- Units stamped after the horizon, and the first entry that is.
  local function units_after(c, s, horizon)
    local n = count(s)
    if n == 0 then return 0, 0 end
    if s.old > horizon then return (s.ls - s.sb) % WRAP, 0 end
    if s.n <= horizon then return 0, n end
    local first = chunks.first_after(c, s, horizon)
    return (s.ls - chunks.sum_before(c, s, first)) % WRAP, first
  end
  log.units_after = units_after

  -- As limits.test.
  function log.test(c, l, s, cost, now)
    local horizon, used, first = now - l.p, 0, 0
    if s then used, first = units_after(c, s, horizon) end
    if cost == 0 or cost <= l.m - used then
      local after = used + cost
      return false, after, after > 0 and (cost > 0 and now or s.n) - horizon or 0, 0
    end
    local retry = -1
    if cost <= l.m then retry = chunks.stamp_of_unit(c, s, first, used + cost - l.m) - horizon end
    return true, used, used > 0 and s.n - horizon or 0, retry
  end

  local function join(s, stamp, units)
    s.ls = (s.ls + units) % WRAP
    s.tail = sub(s.tail, 1, -ENTRY - 1) .. spack('<dI4', stamp, s.ls)
    if count(s) == 1 then s.old = stamp end
  end

  local function append(s, stamp, units, n)
    if n >= MOST_ENTRIES then return join(s, stamp, units) end
    if #s.tail == CHUNK * ENTRY then chunks.cut(s) end
    if n == 0 then s.old, s.sb = stamp, s.ls end
    s.ls = (s.ls + units) % WRAP
    s.tail = s.tail .. spack('<dI4', stamp, s.ls)
  end

  -- As limits.spend.
  function log.spend(c, l, s, cost, now)
    s = s or log.of(0, 0)
    local horizon = now - l.p
    local grid = l.grid
    local n = count(s)
    if s.lg == 0 then
      if n == 0 or s.n <= horizon then
        s.sb, s.tail, s.mk = s.ls, '', now
        append(s, now, cost, 0)
      elseif now == s.n or now - s.mk < grid then
        join(s, now, cost)
      else
        s.lg, s.mk = 1, now
        append(s, now, cost, n)
      end
      return s
    end
    if n > 0 and s.old <= horizon then
      chunks.drop(c, s, chunks.first_after(c, s, horizon))
      n = count(s)
    end
    if n > 0 and grid > 0 and (s.m <= 1024 or s.p < l.p) then
      s.mk = chunks.fold(c, s, grid)
      n = count(s)
    end
    if n > 0 and (now == s.n or now - s.mk < grid) then
      join(s, now, cost)
    else
      append(s, now, cost, n)
      s.mk = now
    end
    return s
  end

  -- As limits.test and limits.spend in one, from the bytes of a state to those of the new one, where no entry has to go to or from the parts that
  -- are stored apart, and the cost fits. Answers the new bytes, used, until all is free; nil where it is not so simple.
  function log.usual(l, bytes, cost, now, key)
    if not bytes then
      if cost > l.m then return nil end
      return spack(HEADER, LOG, l.p, l.m, now, now, 0, 0, 0, 0, now, 0, cost) .. spack('<dI4', now, cost), cost, l.p
    end
    local size = #bytes
    if size <= HEADER_LENGTH or (size - HEADER_LENGTH) % ENTRY ~= 0 then return nil end
    local kind, p, m, n, mk, lg, hc, tc, ho, old, sb, ls = sunpack(HEADER, bytes)
    if kind ~= LOG or p ~= l.p or m ~= l.m or n > now then return nil end
    local horizon, from = now - p, HEADER_LENGTH
    if n <= horizon then
      if hc < tc or cost > m then return nil end
      from, ho, sb, mk = size, 0, ls, now
    elseif old <= horizon then
      local head, at = bytes, from
      if hc < tc then
        head, at = call('HGET', key, log.chunk_field(l.name, hc)), ho * ENTRY
        if not head or #head ~= CHUNK * ENTRY then return nil end
      end
      local stamp, sum = sunpack('<dI4', head, at + 1)
      while stamp <= horizon do
        at = at + ENTRY
        if at >= #head then return nil end
        sb = sum
        stamp, sum = sunpack('<dI4', head, at + 1)
      end
      old = stamp
      if hc < tc then ho = at / ENTRY else from = at end
    end
    local used, length = (ls - sb) % WRAP + cost, size - from
    if used > m then return nil end
    ls = (ls + cost) % WRAP
    local last = size
    if length == 0 then
      old = now
    elseif now == n or now - mk < l.grid then
      -- It joins the newest entry.
      last = size - ENTRY
      if last == from and hc == tc then old = now end
    else
      if length == CHUNK * ENTRY or (tc - hc) * CHUNK + length / ENTRY - ho >= MOST_ENTRIES then return nil end
      lg, mk = 1, now
    end
    return spack(HEADER, LOG, p, m, now, mk, lg, hc, tc, ho, old, sb, ls) .. sub(bytes, from + 1, last) .. spack('<dI4', now, ls), used, p
  end

  -- Adds the entries that are stored apart to lists of fields to set and to remove.
  function log.collect_chunks(c, s, sets, dels)
    for index = 1, #(s.del or '') do dels[#dels + 1] = log.chunk_field(c.name, s.del[index]) end
    for number, bytes in pairs(s.put or {}) do
      local n = #sets
      sets[n + 1], sets[n + 2] = log.chunk_field(c.name, number), bytes
    end
    s.del, s.put = nil, nil
  end
end)

-- What a log needs once entries have left its window, do not fit into its state, or are too many.
chunks = module(function(chunks)
  local count, chunk_field = log.count, log.chunk_field

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
  chunks.entry = entry

  local function sum_before(c, s, index)
    if index == 0 then return s.sb end
    local _, sum = entry(c, s, index - 1)
    return sum
  end
  chunks.sum_before = sum_before

  -- The first entry stamped after the horizon. Near the oldest in nearly every case, so it is sought from there on in growing steps.
  function chunks.first_after(c, s, horizon)
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
  function chunks.stamp_of_unit(c, s, index, units)
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

  local function drop_chunk(s, number)
    if s.ch then s.ch[number] = nil end
    if s.put and s.put[number] then s.put[number] = nil end
    s.del = s.del or {}
    s.del[#s.del + 1] = number
  end

  -- A full tail becomes a chunk.
  local function cut(s)
    s.put, s.ch = s.put or {}, s.ch or {}
    s.put[s.tc], s.ch[s.tc] = s.tail, s.tail
    s.tc, s.tail = s.tc + 1, ''
  end
  chunks.cut = cut

  -- Leaves out the entries before first. A log with none left goes on with the number of its tail, which was never stored.
  function chunks.drop(c, s, first)
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

  -- Writes all entries anew.
  local function rewrite(s, stamps, sums, n)
    for number = s.hc, s.tc - 1 do drop_chunk(s, number) end
    s.hc, s.ho, s.tail = s.tc, 0, ''
    for index = 1, n do
      if #s.tail == CHUNK * ENTRY then cut(s) end
      s.tail = s.tail .. spack('<dI4', stamps[index], sums[index])
    end
  end

  -- Folds neighbours until entries are at least so far apart; answers the first stamp in the newest entry.
  function chunks.fold(c, s, grid)
    local stamps, sums, kept = {}, {}, 1
    local first = s.old
    for index = 0, count(s) - 1 do
      local stamp, sum = entry(c, s, index)
      if index > 0 and stamp - first >= grid then kept, first = kept + 1, stamp end
      stamps[kept], sums[kept] = stamp, sum
    end
    s.old = stamps[1]
    rewrite(s, stamps, sums, kept)
    return first
  end

  -- Takes units that were spent at a moment back, as far as they are still there; whether they are.
  function chunks.take_back(c, s, cost, stamp)
    local index, n = chunks.first_after(c, s, stamp - 1), count(s)
    if index >= n then return false end
    local _, sum = entry(c, s, index)
    -- An entry that took up later units has a later stamp; it is the one all the same. Never more than it holds.
    local units = min(cost, (sum - sum_before(c, s, index)) % WRAP)
    local stamps, sums = {}, {}
    for each = 0, n - 1 do
      stamps[each + 1], sums[each + 1] = entry(c, s, each)
      if each >= index then sums[each + 1] = (sums[each + 1] - units) % WRAP end
    end
    rewrite(s, stamps, sums, n)
    s.ls = (s.ls - units) % WRAP
    return true
  end
end)
