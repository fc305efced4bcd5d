-- Reads, clears or adjusts counters of one subject.
--   KEYS[1]  the subject's hash
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  read, reset or adjust
--   ARGV[3]  kind (one byte) and id of the subject
--   ARGV[4]  what adjust adds
--   ARGV[n]  one charge, as SpendingWriter writes it
-- Answers of each charge: a status (1 = a calendar window is needed), used, until all is free, start of a quota's period, moment.
local key, operation, subject = KEYS[1], ARGV[2], ARGV[3]

local replies, sets, dels, adjusted = {}, {}, {}, nil
-- What is out on leases counts as used, and stays so after a reset: replicas may use it still.
local leases, has_ended = call('HGET', key, 'l'), false
leases = leases and read_leases(leases) or {}
for index = 5, #ARGV do
  local l = read_charge(ARGV[index], 1)
  local counter = {key = key, name = l.name}
  local bytes = call('HGET', key, 'c/' .. l.name)
  local s
  if l.k >= ROLLING then s = unpack_quota(bytes) else s = unpack_rate(bytes) end
  local moment, needed = moment_of(l, s, now)
  if not moment then
    replies[#replies + 1] = spack('<Bdddd', 1, 0, 0, 0, needed)
  else
    local reserved, ends, is_over = reserved_of(leases, l.name, now)
    if is_over then
      s, leases = end_leases(leases, counter, l, s, now)
      has_ended = true
    end
    if operation == 'adjust' then
      s = adjust_quota(l, s, tonumber(ARGV[4]), moment)
      counter.s, adjusted = s, s
      collect(counter, sets, dels)
    end
    local refused, used, reset
    refused, used, reset = test_charge(counter, l, l.k < ROLLING and under(counter, l, s) or s, 0, moment, reserved, ends)
    replies[#replies + 1] = spack('<Bdddd', 0, used, reset, l.k >= ROLLING and s and s.n or 0, moment)
    if operation == 'reset' and s then
      dels[#dels + 1] = 'c/' .. l.name
      for number = s.hc or 0, (s.tc or 0) - 1 do dels[#dels + 1] = chunk_field(l.name, number) end
    end
  end
end

if has_ended and operation ~= 'read' then
  if #leases > 0 then call('HSET', key, 'l', write_leases(leases)) else dels[#dels + 1] = 'l' end
end
if #dels > 0 then call('HDEL', key, unpack(dels)) end
if adjusted then
  call('HSET', key, unpack(sets))
  local held = call('HMGET', key, 'v', 'x')
  if not held[1] then
    if not held[2] then call('HSET', key, 's', subject) end
    local kept = keep(key, held[2] and sunpack('<d', held[2]), idle_at(adjusted), now)
    if kept then call('HSET', key, 'x', spack('<d', kept)) end
  end
end
return table.concat(replies)
