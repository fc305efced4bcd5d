-- Takes units of counters of one subject for a replica to use by itself, and counts what it used of those that it took before. After limits.lua.
--   KEYS[1]  the subject's hash
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  kind (one byte) and id of the subject
--   then of each counter one charge, as SpendingWriter writes it, and one order, as RedisLeaseStore writes it: the lease's id, the order's number,
--   units used since the lease began, microseconds since the last of them, units that it keeps, units that it wants beside these, microseconds
--   until the end
-- An order whose answer was lost may be sent again, with a higher number: what was used is told as a sum, and what the replica does not name as
-- kept goes back.
-- Answers of each counter: a status (1 = a calendar window is needed), whether the lease was still known, units granted, microseconds until the
-- end, used (what is out on leases included), until all is free, moment.
begin(ARGV[1])
local key = KEYS[1]

local held = call('HMGET', key, 'v', 'x', 'l')
local has_record, kept, out = held[1], held[2] and sunpack('<d', held[2]), held[3] and leases.read(held[3]) or {}
-- A key that is gone has nothing to take, and no hash is made for it again.
local is_gone = byte(ARGV[2]) == 0 and not has_record
local replies, sets, dels, idle, always, is_changed = {}, {}, {}, 0, false, false

local function find(id, name)
  for index = 1, #out do
    if out[index].id == id and out[index].name == name then return index end
  end
end

-- What of a counter is neither used nor out on leases, when a lease that ends at a moment ends by the counter, and until when what is used
-- at that end counts: in a quota until its period ends, in a rate for a period more, and in a sliding window for two.
local function free_of(c, l, s, moment, ends)
  local counts
  if l.k >= ROLLING then
    -- A period begins with a request, not with a lease, and no lease outlives it.
    local start = quotas.running(l, s, moment)
    if start == 0 then return 0, ends, ends end
    counts = quotas.end_of(l, start, moment) or math.huge
    ends = min(ends, counts)
  else
    counts = ends + 2 * l.p
  end
  local reserved, last = leases.reserved(out, c.name, now)
  local _, used = limits.test_charge(c, l, s, 0, moment, reserved, last)
  return max(0, (l.cap or l.m) - used), ends, counts
end

local function serve(l, order)
  local id, number, used, ago, keeps, wants, life = sunpack('<c8dddddd', order)
  local c = {key = key, name = l.name}
  local bytes = call('HGET', key, 'c/' .. l.name)
  local s = limits.state_of(l, bytes)
  local moment, needed = limits.moment_of(l, s, now)
  if not moment then return spack('<BBddddd', 1, 0, 0, 0, 0, 0, needed) end

  local is_spent = false
  local own = find(id, l.name)
  -- One that told too late is over: what it kept may have been used since it asked.
  local was_known = own ~= nil and out[own].ends > now
  if own then
    local lease = out[own]
    -- One that was overtaken by a later one changes nothing.
    if number <= lease.number then return spack('<BBddddd', 0, 0, 0, 0, 0, 0, moment) end
    local told = max(0, min(used - lease.told, lease.units))
    if told > 0 then s, is_spent = leases.use(c, l, s, told, min(now - ago, lease.ends), now), true end
    lease.number, lease.told, lease.units = number, used, min(keeps, lease.units - told)
    if lease.units == 0 then table.remove(out, own) end
    is_changed = true
  end
  local _, _, has_ended = leases.reserved(out, l.name, now)
  if has_ended then
    s, out = leases.settle(out, c, l, s, now)
    is_spent, is_changed = true, true
  end

  s = limits.under(c, l, s)
  moment = limits.moment_of(l, s, now)
  own = find(id, l.name)
  local granted, ends = 0, now
  -- Who keeps units of a lease that is over has used some since it told; it begins another one.
  if (wants > 0 and (was_known or keeps == 0)) or own then
    local free, counts
    free, ends, counts = free_of(c, l, s, moment, now + life)
    -- Half of what is free at most: where little is left, little of it lies unused with one replica while another one refuses.
    granted = min(wants, ceil(free / 2))
    if granted > 0 and not own then
      own = #out + 1
      out[own] = {name = l.name, id = id, number = number, told = used, units = 0}
    end
    if own then
      local lease = out[own]
      lease.units, lease.ends, lease.counts = lease.units + granted, ends, counts
      if counts < math.huge then idle = max(idle, counts) else always = true end
      is_changed = true
    end
  end

  if is_spent and s then
    c.s = s
    limits.collect(c, sets, dels)
    local at = limits.idle_at(s)
    if at then idle = max(idle, at) else always = true end
  end
  local reserved, last = leases.reserved(out, l.name, now)
  local _, taken, reset = limits.test_charge(c, l, s, 0, moment, reserved, last)
  return spack('<BBddddd', 0, was_known and 1 or 0, granted, max(0, ends - now), taken, reset, moment)
end

for index = 3, #ARGV, 2 do
  local l = limits.read_charge(ARGV[index], 1)
  replies[#replies + 1] = is_gone and spack('<BBddddd', 0, 0, 0, 0, 0, 0, now) or serve(l, ARGV[index + 1])
end

if is_changed then
  if #out > 0 then sets[#sets + 1], sets[#sets + 2] = 'l', leases.write(out) else dels[#dels + 1] = 'l' end
  if #dels > 0 then call('HDEL', key, unpack(dels)) end
  if #sets > 0 then call('HSET', key, unpack(sets)) end
  if not has_record and #sets > 0 then
    if not kept then call('HSET', key, 's', ARGV[2]) end
    local keeps = limits.keep(key, kept, (not always) and idle or nil, now)
    if keeps then call('HSET', key, 'x', spack('<d', keeps)) end
  end
end
return table.concat(replies)
